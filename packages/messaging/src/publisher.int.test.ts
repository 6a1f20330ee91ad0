import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testNats, type TestNats } from '@safelight/testing';
import { ensureStreams } from './index.js';
import {
  outgoing,
  publisherFor,
  startService,
  testStream,
  type TestService,
} from './test/test-service.js';

let nats: TestNats;
let service: TestService;

beforeAll(async () => {
  nats = await testNats();
  service = await startService({ url: nats.url });
});
afterAll(async () => {
  await service.close();
  await nats.stop();
});

const streamFor = async () => {
  const stream = testStream();
  await ensureStreams(service.bus, [stream.topology]);
  return { ...stream, publisher: publisherFor(service, stream.topology) };
};

describe('publishing', () => {
  it('keeps the order given', async () => {
    const { happened, topology, publisher } = await streamFor();
    const count = 1_500;
    const messages = Array.from({ length: count }, (_, n) => outgoing(happened.subject, n));
    const outcomes = await publisher.publish(messages);
    expect(outcomes).toEqual(messages.map((_, i) => ({ sequence: i + 1 })));
    const manager = await jetstreamManager(service.bus.nc);
    const last = await manager.streams.getMessage(topology.name, { seq: count });
    expect(last?.json()).toEqual({
      id: `${happened.subject}-${count - 1}`,
      key: `stream-${count - 1}`,
      recordedAt: '2026-11-21T12:00:00.000Z',
      correlationId: `job_${count - 1}`,
      causationId: 'command-1',
      data: { n: count - 1 },
    });
  });

  it('leaves out what JetStream has already, by event id', async () => {
    const { happened, publisher } = await streamFor();
    await publisher.publish([outgoing(happened.subject, 1), outgoing(happened.subject, 2)]);
    const again = [outgoing(happened.subject, 1), outgoing(happened.subject, 3)];
    expect(await publisher.publish(again)).toEqual([
      { sequence: 1, duplicate: true },
      { sequence: 3 },
    ]);
    expect((await publisher.status()).lastSequence).toBe(3);
  });

  it('tells which event lies at a sequence', async () => {
    const { happened, publisher } = await streamFor();
    await publisher.publish([outgoing(happened.subject, 1), outgoing(happened.subject, 2)]);
    expect(await publisher.idAt(2)).toBe(outgoing(happened.subject, 2).id);
    expect(await publisher.idAt(3)).toBeUndefined();
  });

  it('says of each event whether it was taken', async () => {
    const { happened, publisher } = await streamFor();
    const [taken, lost] = await publisher.publish([
      outgoing(happened.subject, 1),
      outgoing('safelight.elsewhere.happened.v1', 2),
    ]);
    expect(taken).toEqual({ sequence: 1 });
    expect(lost).toHaveProperty('error');
  });
});

describe('status', () => {
  it('makes a missing stream, with nothing settled', async () => {
    const { topology, happened } = testStream();
    const publisher = publisherFor(service, topology);
    expect(await publisher.status()).toMatchObject({ lastSequence: 0, settledSequence: 0 });
    await publisher.publish([outgoing(happened.subject, 1)]);
    expect(await publisher.status()).toMatchObject({ lastSequence: 1, settledSequence: 0 });
  });

  it('counts as settled what every durable has acknowledged, over gaps of other subjects', async () => {
    const { happened, ended, topology } = testStream();
    const two = {
      ...topology,
      durables: [
        { name: 'for-happened', events: [happened] },
        { name: 'for-ended', events: [ended] },
      ],
    };
    await ensureStreams(service.bus, [two]);
    const publisher = publisherFor(service, two);
    const subjects = [happened, ended, happened, ended, ended].map(({ subject }) => subject);
    await publisher.publish(subjects.map((subject, n) => outgoing(subject, n)));
    const settle = async (durable: string, count: number) => {
      const { jetstream } = await import('@nats-io/jetstream');
      const consumer = await jetstream(service.bus.nc).consumers.get(two.name, durable);
      for (let i = 0; i < count; i += 1) await (await consumer.next())?.ackAck();
      return (await publisher.status()).settledSequence;
    };
    expect(await settle('for-happened', 1)).toBe(0);
    // `for-ended` has sequences 2 and 4 behind it; `for-happened` only 1.
    expect(await settle('for-ended', 2)).toBe(1);
    // Nothing is left for `for-happened`, so `for-ended` alone decides.
    expect(await settle('for-happened', 1)).toBe(4);
    expect(await settle('for-ended', 1)).toBe(5);
  });
});

describe('ensureStreams', () => {
  it('changes nothing when asked again, also by several at once', async () => {
    const { topology, publisher } = await streamFor();
    const before = await publisher.status();
    await Promise.all([1, 2, 3].map(() => ensureStreams(service.bus, [topology])));
    expect(await publisher.status()).toEqual(before);
  });

  it('brings stream and durable up to a changed topology', async () => {
    const { topology, happened, ended, durable, publisher } = await streamFor();
    const narrow = {
      ...topology,
      events: [happened],
      durables: [{ name: durable, events: [happened] }],
    };
    await ensureStreams(service.bus, [narrow], { ackWaitMs: 5_000 });
    const manager = await jetstreamManager(service.bus.nc);
    const { config } = await manager.consumers.info(topology.name, durable);
    expect(config).toMatchObject({ ack_wait: 5_000_000_000, max_deliver: -1 });
    const [, refused] = await publisher.publish([
      outgoing(happened.subject, 1),
      outgoing(ended.subject, 2),
    ]);
    expect(refused).toHaveProperty('error');
    await ensureStreams(service.bus, [topology]);
    expect(await publisher.publish([outgoing(ended.subject, 2)])).toEqual([{ sequence: 2 }]);
  });

  it('keeps events for seven days on disk', async () => {
    const { topology } = await streamFor();
    const manager = await jetstreamManager(service.bus.nc);
    expect((await manager.streams.info(topology.name)).config).toMatchObject({
      storage: 'file',
      retention: 'limits',
      discard: 'old',
      max_age: 7 * 24 * 3600 * 1e9,
      duplicate_window: 120e9,
      num_replicas: 1,
    });
  });
});
