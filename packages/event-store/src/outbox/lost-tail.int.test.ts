import { describe, expect, it } from '@jest/globals';
import { eventually } from '@safelight/testing';
import { RecordingBus } from '../test/recording-bus.js';
import { append, keysOf, Relays } from '../test/relays.js';
import { context, newId, storeDatabase } from '../test/store-database.js';
import type { OutboxMessage, Publication } from './outbox.js';

/** A relay with this interval looks at JetStream when it is asked to, and at no other time. */
const WHEN_ASKED_MS = 3_600_000;

const database = storeDatabase();
const relays = new Relays(database);

/** Cannot tell what lies where. */
class BlindBus extends RecordingBus {
  override async idAt(): Promise<undefined> {
    return undefined;
  }
}

/** Does not say whether it had a message already. */
class SilentBus extends RecordingBus {
  override async publish(messages: readonly OutboxMessage[]): Promise<readonly Publication[]> {
    const publications = await super.publish(messages);
    return publications.map((publication) => ({ ...publication, duplicate: false }));
  }
}

/** The newest messages are lost and another process publishes more, before anybody can look. */
function fillUpTail(bus: RecordingBus): void {
  bus.loseTail(4);
  const more = { subject: 's', key: 'elsewhere', data: {}, recordedAt: new Date(0), context };
  void bus.publish(Array.from({ length: 10 }, () => ({ ...more, id: newId('event') })));
}

/** While a database transaction runs, readers pass nothing that began after it. */
async function holdReadersBack(): Promise<{ letGo: () => Promise<void> }> {
  const client = await database.runtime.connect();
  await client.query('BEGIN');
  await client.query('SELECT pg_current_xact_id()');
  const letGo = async () => {
    await client.query('COMMIT');
    client.release();
  };
  return { letGo };
}

/** Another process publishes, then the reader, which then comes to what the other wrote. */
async function bothPublish({ bus, store, relay }: Awaited<ReturnType<Relays['settled']>>) {
  const second = relays.newStore();
  await relays.start(second, bus).idle();
  const readers = await holdReadersBack();
  const streams: string[][] = [];
  for (const writer of [second, store]) {
    const own = await append(writer, 5);
    await eventually(() => own.every((key) => keysOf(bus.stored).includes(key)));
    streams.push(own);
  }
  await readers.letGo();
  await relay.idle();
  // One more round: what looked like a loss in the first would be acted upon now.
  await relay.idle();
  return { there: streams[0] ?? [] };
}

describe('a JetStream stream that lost data', () => {
  it('publishes again what nobody had acknowledged when the JetStream store is wiped', async () => {
    const { bus, store, relay } = await relays.settled();
    const settled = await append(store, 6);
    await relays.settle(bus, relay);
    const open = await append(store, 9);
    await relay.idle();
    bus.wipe();
    const after = await append(store, 3);
    await relay.idle();
    await eventually(() => bus.stored.length >= 12);
    expect(keysOf(bus.stored).toSorted()).toEqual([...open, ...after].toSorted());
    for (const key of settled) expect(keysOf(bus.stored)).not.toContain(key);
  });

  it('publishes again when JetStream lost its tail', async () => {
    const { bus, store, relay } = await relays.settled();
    const streams = await append(store, 10);
    await relay.idle();
    bus.loseTail(4);
    await eventually(() => streams.every((stream) => keysOf(bus.stored).includes(stream)));
    await relay.idle();
  });

  it('notices a lost tail even when new events have filled it up again', async () => {
    const { bus, store, relay } = await relays.settled();
    const streams = await append(store, 10);
    await relay.idle();
    bus.loseTail(4);
    const more = await append(store, 10);
    await eventually(() => [...streams, ...more].every((key) => keysOf(bus.stored).includes(key)));
  });

  it('notices a lost tail that another process has filled up, by the message at its place', async () => {
    const { bus, store, relay } = await relays.settled();
    const streams = await append(store, 10);
    await relay.idle();
    fillUpTail(bus);
    await eventually(() => streams.every((stream) => keysOf(bus.stored).includes(stream)));
    expect(relays.rewound).toBe(1);
    // The negative control: where that cannot be told, the loss goes unseen.
    const { bus: blind, store: other, relay: misled } = await relays.settled(new BlindBus());
    const lost = await append(other, 10);
    await misled.idle();
    fillUpTail(blind);
    await misled.idle();
    expect(keysOf(blind.stored)).not.toContain(lost.at(-1));
    expect(relays.rewound).toBe(0);
  });

  it('notices the loss of what was acknowledged since it last looked', async () => {
    const { bus, store, relay } = await relays.settled(new RecordingBus(), WHEN_ASKED_MS);
    const streams = await append(store, 10);
    await eventually(() => streams.every((key) => keysOf(bus.stored).includes(key)));
    fillUpTail(bus);
    await relay.idle();
    for (const stream of streams) expect(keysOf(bus.stored)).toContain(stream);
    expect(relays.rewound).toBe(1);
  });

  it('notices a loss behind which the reader itself has published since', async () => {
    const { bus, store, relay } = await relays.settled(new RecordingBus(), WHEN_ASKED_MS);
    const streams = await append(store, 10);
    await relay.idle();
    fillUpTail(bus);
    streams.push(...(await append(store, 5)));
    await eventually(() => keysOf(bus.stored).includes(streams.at(-1) ?? ''));
    await relay.idle();
    for (const stream of streams) expect(keysOf(bus.stored)).toContain(stream);
    expect(relays.rewound).toBe(1);
  });

  it('takes the old place of what another process published for no loss', async () => {
    const { bus, store, relay } = await relays.settled();
    const { there } = await bothPublish({ store, relay, bus });
    expect(relays.rewound).toBe(0);
    expect(keysOf(bus.sent).filter((key) => there.includes(key))).toHaveLength(2 * there.length);
    // The negative control: an acknowledgement that does not say so looks like a loss.
    await bothPublish(await relays.settled(new SilentBus()));
    expect(relays.rewound).toBeGreaterThan(0);
  });
});
