import { afterEach, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@safelight/event-sourcing';
import { eventually } from '@safelight/testing';
import { EventStore } from '../event-store.js';
import { context, happened, newId, schema, storeDatabase, unitOf } from '../test/store-database.js';
import { RecordingBus } from '../test/recording-bus.js';
import { loadCheckpoint } from './checkpoint.js';
import type { OutboxMessage, OutboxPublisher } from './outbox.js';
import { OutboxRelay } from './outbox-relay.js';

const database = storeDatabase();
const running: OutboxRelay[] = [];
const newStore = () => new EventStore({ pool: database.runtime, schema });

const toPublic = (event: RecordedEvent): OutboxMessage | undefined =>
  event.event.type === 'Private'
    ? undefined
    : {
        id: event.eventId,
        subject: 'safelight.test.happened.v1',
        key: event.streamId,
        data: event.event,
        recordedAt: event.recordedAt,
        context: event.context,
      };

function relayOf(store: EventStore, bus: OutboxPublisher, intervalMs = 20): OutboxRelay {
  const pool = database.runtime;
  const relay = new OutboxRelay({ store, pool, schema, toPublic, publisher: bus, intervalMs });
  relay.start();
  running.push(relay);
  return relay;
}

/** Appends one by one, so that their order is known. */
async function append(store: EventStore, count: number): Promise<string[]> {
  const streams: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const unit = unitOf();
    await store.append(unit);
    streams.push(unit.streamId);
  }
  return streams;
}

const keys = (messages: readonly OutboxMessage[]) => messages.map(({ key }) => key);

/** A relay on a schema whose past is over: everything published and acknowledged. */
async function settledRelay() {
  const bus = new RecordingBus();
  const store = newStore();
  const relay = relayOf(store, bus);
  await relay.idle();
  await settle(bus);
  bus.sent.length = 0;
  return { bus, store, relay };
}

async function settle(bus: RecordingBus): Promise<void> {
  bus.settledSequence = bus.stored.length;
  await eventually(async () => {
    const { cursor, settled } = await loadCheckpoint(database.runtime, schema);
    return cursor.position === settled.position;
  });
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((relay) => relay.stop()));
});

describe('the outbox relay', () => {
  it('publishes public events once, in order, with id, key and context', async () => {
    const { bus, store, relay } = await settledRelay();
    const unit = unitOf({ events: [happened('a'), { type: 'Private' }, happened('b')] });
    await store.append(unit);
    const streams = await append(store, 20);
    await relay.idle();
    const [a, , b] = await store.read(unit.streamId);
    expect(bus.sent.slice(0, 2)).toEqual([toPublic(a!), toPublic(b!)]);
    expect(bus.sent[0]).toMatchObject({ id: a!.eventId, key: unit.streamId, context });
    expect(keys(bus.sent.slice(2))).toEqual(streams);
  });

  it('publishes nothing twice in the steady state, under load', async () => {
    const { bus, store, relay } = await settledRelay();
    await Promise.all(Array.from({ length: 3000 }, () => store.append(unitOf())));
    await relay.idle();
    expect(bus.stored.filter(({ id }) => bus.sent.some((sent) => sent.id === id))).toHaveLength(
      3000,
    );
    expect(bus.sent).toHaveLength(3000);
  });

  it('publishes after a restart what a crash between commit and publish left out', async () => {
    const { bus, store, relay } = await settledRelay();
    await append(store, 5);
    await relay.stop();
    // Committed by a process that dies before it can publish.
    const left = await append(newStore(), 7);
    const later = newStore();
    const next = relayOf(later, bus);
    const fresh = await append(later, 3);
    await next.idle();
    expect(keys(bus.sent.slice(5))).toEqual([...left, ...fresh]);
  });

  it('publishes what other processes left out while it runs', async () => {
    const { bus, relay } = await settledRelay();
    const left = await append(newStore(), 4);
    await relay.idle();
    expect(keys(bus.sent)).toEqual(left);
  });

  it('survives an outage of the bus, keeps the order and loses nothing', async () => {
    const { bus, store, relay } = await settledRelay();
    const before = await append(store, 5);
    await relay.idle();
    bus.outage = new Error('nobody there');
    const during = await append(store, 30);
    const streamId = newId('job');
    await store.append(unitOf({ streamId, events: [happened('1'), happened('2')] }));
    bus.outage = undefined;
    const after = await append(store, 5);
    await relay.idle();
    const first = keys(bus.stored).slice(-42);
    expect(first).toEqual([...before, ...during, streamId, streamId, ...after]);
  });

  it('publishes again what nobody had acknowledged when the JetStream store is wiped', async () => {
    const { bus, store, relay } = await settledRelay();
    const settled = await append(store, 6);
    await relay.idle();
    await settle(bus);
    const open = await append(store, 9);
    await relay.idle();
    bus.wipe();
    const after = await append(store, 3);
    await relay.idle();
    await eventually(() => bus.stored.length >= 12);
    expect(keys(bus.stored).toSorted()).toEqual([...open, ...after].toSorted());
    for (const key of settled) expect(keys(bus.stored)).not.toContain(key);
  });

  it('publishes again when JetStream lost its tail', async () => {
    const { bus, store, relay } = await settledRelay();
    const streams = await append(store, 10);
    await relay.idle();
    bus.loseTail(4);
    await eventually(() => streams.every((stream) => keys(bus.stored).includes(stream)));
    await relay.idle();
  });

  it('notices a lost tail even when new events have filled it up again', async () => {
    const { bus, store, relay } = await settledRelay();
    const streams = await append(store, 10);
    await relay.idle();
    bus.loseTail(4);
    const more = await append(store, 10);
    await eventually(() => [...streams, ...more].every((key) => keys(bus.stored).includes(key)));
  });

  it('lets one of two processes read, and the other take over', async () => {
    const { bus, store, relay } = await settledRelay();
    const second = newStore();
    let looked = 0;
    const standby = relayOf(second, {
      publish: (messages) => bus.publish(messages),
      status: () => {
        looked += 1;
        return bus.status();
      },
    });
    const [here, there] = await Promise.all([append(store, 5), append(second, 5)]);
    await Promise.all([relay.idle(), standby.idle()]);
    expect(new Set(keys(bus.stored).slice(-10))).toEqual(new Set([...here, ...there]));
    // Only the active one compares JetStream with its memory.
    expect(looked).toBe(0);
    await relay.stop();
    const left = await append(newStore(), 3);
    await standby.idle();
    expect(keys(bus.stored).slice(-3)).toEqual(left);
    expect(looked).toBeGreaterThan(0);
  });

  it('goes on after its database connections were killed', async () => {
    const { bus, store, relay } = await settledRelay();
    await append(store, 2);
    await relay.idle();
    await database.admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'runtime'`,
    );
    const left = await append(newStore(), 3);
    await eventually(() => left.every((key) => keys(bus.stored).includes(key)));
    await relay.idle();
  });
});
