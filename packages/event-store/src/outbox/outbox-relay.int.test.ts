import { describe, expect, it } from '@jest/globals';
import { eventually } from '@safelight/testing';
import { append, keysOf, Relays, toPublic } from '../test/relays.js';
import { context, happened, newId, storeDatabase, unitOf } from '../test/store-database.js';

const database = storeDatabase();
const relays = new Relays(database);

describe('the outbox relay', () => {
  it('publishes public events once, in order, with id, key and context', async () => {
    const { bus, store, relay } = await relays.settled();
    const unit = unitOf({ events: [happened('a'), { type: 'Private' }, happened('b')] });
    await store.append(unit);
    const streams = await append(store, 20);
    await relay.idle();
    const [a, , b] = await store.read(unit.streamId);
    expect(bus.sent.slice(0, 2)).toEqual([toPublic(a!), toPublic(b!)]);
    expect(bus.sent[0]).toMatchObject({ id: a!.eventId, key: unit.streamId, context });
    expect(keysOf(bus.sent.slice(2))).toEqual(streams);
  });

  it('publishes nothing twice in the steady state, under load', async () => {
    const { bus, store, relay } = await relays.settled();
    await Promise.all(Array.from({ length: 3000 }, () => store.append(unitOf())));
    await relay.idle();
    expect(bus.stored.filter(({ id }) => bus.sent.some((sent) => sent.id === id))).toHaveLength(
      3000,
    );
    expect(bus.sent).toHaveLength(3000);
  });

  it('publishes after a restart what a crash between commit and publish left out', async () => {
    const { bus, store, relay } = await relays.settled();
    await append(store, 5);
    await relay.stop();
    // Committed by a process that dies before it can publish.
    const left = await append(relays.newStore(), 7);
    const later = relays.newStore();
    const next = relays.start(later, bus);
    const fresh = await append(later, 3);
    await next.idle();
    expect(keysOf(bus.sent.slice(5))).toEqual([...left, ...fresh]);
  });

  it('publishes what other processes left out while it runs', async () => {
    const { bus, relay } = await relays.settled();
    const left = await append(relays.newStore(), 4);
    await relay.idle();
    expect(keysOf(bus.sent)).toEqual(left);
  });

  it('publishes what other processes left out among its own', async () => {
    const { bus, store, relay } = await relays.settled();
    const other = relays.newStore();
    const streams = [];
    for (const writer of [store, other, store, other]) streams.push(...(await append(writer, 5)));
    await relay.idle();
    expect(new Set(keysOf(bus.sent))).toEqual(new Set(streams));
    expect(bus.sent).toHaveLength(20);
  });

  it('survives an outage of the bus, keeps the order and loses nothing', async () => {
    const { bus, store, relay } = await relays.settled();
    const before = await append(store, 5);
    await relay.idle();
    bus.outage = new Error('nobody there');
    const during = await append(store, 30);
    const streamId = newId('job');
    await store.append(unitOf({ streamId, events: [happened('1'), happened('2')] }));
    bus.outage = undefined;
    const after = await append(store, 5);
    await relay.idle();
    const first = keysOf(bus.stored).slice(-42);
    expect(first).toEqual([...before, ...during, streamId, streamId, ...after]);
  });

  it('lets one of two processes read, and the other take over', async () => {
    const { bus, store, relay } = await relays.settled();
    const second = relays.newStore();
    let looked = 0;
    const standby = relays.start(second, {
      publish: (messages) => bus.publish(messages),
      status: () => {
        looked += 1;
        return bus.status();
      },
      idAt: (sequence) => bus.idAt(sequence),
    });
    const [here, there] = await Promise.all([append(store, 5), append(second, 5)]);
    await Promise.all([relay.idle(), standby.idle()]);
    expect(new Set(keysOf(bus.stored).slice(-10))).toEqual(new Set([...here, ...there]));
    // Only the active one compares JetStream with its memory.
    expect(looked).toBe(0);
    await relay.stop();
    const left = await append(relays.newStore(), 3);
    await standby.idle();
    expect(keysOf(bus.stored).slice(-3)).toEqual(left);
    expect(looked).toBeGreaterThan(0);
  });

  it('goes on after its database connections were killed', async () => {
    const { bus, store, relay } = await relays.settled();
    await append(store, 2);
    await relay.idle();
    await database.admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'runtime'`,
    );
    const left = await append(relays.newStore(), 3);
    await eventually(() => left.every((key) => keysOf(bus.stored).includes(key)));
    await relay.idle();
  });
});
