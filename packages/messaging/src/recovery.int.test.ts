import { Controller } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { operation } from '@safelight/contracts';
import { eventually, testNats, type TestNats } from '@safelight/testing';
import { z } from 'zod';
import { Answers, Handles, type JetStreamPublisher } from './index.js';
import {
  outgoing,
  publisherFor,
  startService,
  testStream,
  type TestService,
} from './test/test-service.js';

const ping = operation('test.ping', z.object({}), z.object({}));
const stream = testStream();
let gate: Promise<void> | undefined;
let handled: number[] = [];

@Controller()
class TestController {
  @Answers(ping)
  ping() {
    return {};
  }

  @Handles(stream.happened, stream.durable)
  async happened({ n }: { n: number }) {
    handled.push(n);
    await gate;
  }

  @Handles(stream.ended, stream.durable)
  ended({ n }: { n: number }) {
    handled.push(n);
  }
}

let nats: TestNats;
let service: TestService;
let publisher: JetStreamPublisher;

beforeEach(async () => {
  handled = [];
  gate = undefined;
  nats = await testNats();
  service = await startService({
    url: nats.url,
    controllers: [TestController],
    streams: [stream.topology],
    // JetStream writes down acknowledgements a little later than it takes them: a killed server may
    // have forgotten some, and gives those events out again after this time.
    server: { ackWaitMs: 1_000 },
  });
  publisher = publisherFor(service, stream.topology);
});
afterEach(async () => {
  await service.close();
  await nats.stop();
});

/** Publishes until JetStream has taken it, as an outbox relay does. */
const publish = (n: number) =>
  eventually(
    async () => {
      const [outcome] = await publisher.publish([outgoing(stream.happened.subject, n)]);
      if (outcome !== undefined && 'sequence' in outcome) return outcome;
      await publisher.status();
      return undefined;
    },
    { deadlineMs: 20_000 },
  );
const settled = () =>
  eventually(async () => {
    const { lastSequence, settledSequence } = await publisher.status();
    return lastSequence > 0 && lastSequence === settledSequence;
  });

describe('a nats-server that is killed and comes back', () => {
  it('finds requests and events served as before', async () => {
    await publish(1);
    await settled();
    const { streamCreated } = await publisher.status();
    nats.kill('SIGKILL');
    await nats.exited;
    await nats.restart();
    await publish(2);
    await settled();
    expect([...new Set(handled)]).toEqual([1, 2]);
    expect(await service.client.request(ping, {})).toEqual({});
    expect((await publisher.status()).streamCreated).toBe(streamCreated);
  });

  it('gets the acknowledgement of what was being handled meanwhile', async () => {
    let open: () => void = () => undefined;
    gate = new Promise<void>((resolve) => (open = resolve));
    await publish(1);
    await eventually(() => handled.length === 1);
    nats.kill('SIGKILL');
    await nats.exited;
    open();
    await nats.restart();
    await settled();
    expect([...new Set(handled)]).toEqual([1]);
  });
});

describe('a nats-server that comes back with an empty store', () => {
  it('gets stream and durable again, and consumption goes on in the same process', async () => {
    await publish(1);
    await publish(2);
    await settled();
    const before = await publisher.status();
    await nats.restartEmpty();
    await publish(3);
    await settled();
    const after = await publisher.status();
    expect(after.streamCreated).not.toBe(before.streamCreated);
    expect(after).toMatchObject({ lastSequence: 1, settledSequence: 1 });
    expect(handled).toEqual([1, 2, 3]);
  });

  it('is not told that a message of the new store was handled because one of the old was', async () => {
    let open: () => void = () => undefined;
    gate = new Promise<void>((resolve) => (open = resolve));
    await publish(1);
    await eventually(() => handled.length === 1);
    await nats.restartEmpty();
    // The same place in the new stream, another event: still being handled when the old one ends.
    let openSecond: () => void = () => undefined;
    const old = open;
    gate = new Promise<void>((resolve) => (openSecond = resolve));
    await publish(2);
    await eventually(() => handled.length === 2);
    old();
    await service.client.request(ping, {});
    await service.bus.nc.flush();
    expect(await publisher.status()).toMatchObject({ lastSequence: 1, settledSequence: 0 });
    openSecond();
    await settled();
    expect(handled).toEqual([1, 2]);
  });

  it('has its durables recreated by whoever asks for the status', async () => {
    await publish(1);
    await settled();
    await service.bus.nc.request(
      `$JS.API.CONSUMER.DELETE.${stream.topology.name}.${stream.durable}`,
      '',
      { timeout: 2_000 },
    );
    expect((await publisher.status()).lastSequence).toBe(1);
    await settled();
    // A fresh durable reads everything again: at least once.
    expect(handled).toEqual([1, 1]);
  });
});
