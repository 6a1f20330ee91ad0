import { Controller } from '@nestjs/common';
import type { Msg } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { operation } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { eventually, testNats, type TestNats } from '@safelight/testing';
import { z } from 'zod';
import { AnswerFault, Answers, Unavailable } from './index.js';
import { startService, type TestService } from './test/test-service.js';

const echo = operation(
  'test.echo',
  z.object({ n: z.int(), text: z.string().default(''), times: z.int().default(1) }),
  z.object({ n: z.int(), text: z.string() }),
);
const nobody = operation('test.nobody', z.object({ n: z.int() }), z.object({}));
const garbled = operation('test.garbled', z.object({ n: z.int() }), z.object({}));

let nats: TestNats;
let service: TestService;
let watcher: TestService;
let gate: Promise<void> | undefined;
let handled: number[] = [];
let requests: Msg[] = [];
let replies: Msg[] = [];

@Controller()
class TestController {
  @Answers(echo)
  async echo({ n, text, times }: z.output<typeof echo.request>) {
    handled.push(n);
    if (n === 13) throw new DomainError('number.unlucky', { n });
    if (n === 99) await gate;
    return { n, text: text.repeat(times) };
  }
}

beforeAll(async () => {
  nats = await testNats();
  service = await startService({ url: nats.url, controllers: [TestController] });
  watcher = await startService({ url: nats.url, service: 'watcher' });
  const { nc } = watcher.bus;
  nc.subscribe(echo.subject, { callback: (_, message) => void requests.push(message) });
  nc.subscribe('_INBOX.>', { callback: (_, message) => void replies.push(message) });
  await nc.flush();
});
beforeEach(async () => {
  await seen();
  handled = [];
  requests = [];
  replies = [];
  gate = undefined;
});
afterAll(async () => {
  await service.close();
  await watcher.close();
  await nats.stop();
});

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const askAll = (payloads: readonly z.input<typeof echo.request>[]) =>
  Promise.all(payloads.map((payload) => service.client.request(echo, payload)));
/** Waits until the watcher has seen what was sent before. */
const seen = async () => {
  await service.bus.nc.flush();
  await watcher.bus.nc.flush();
};

describe('requests to one subject from one turn of the event loop', () => {
  it('travel as one message, in order, and so do their replies', async () => {
    const answers = await askAll(numbers(8).map((n) => ({ n })));
    expect(answers.map(({ n }) => n)).toEqual(numbers(8));
    expect(handled).toEqual(numbers(8));
    await seen();
    expect([requests, replies].map(({ length }) => length)).toEqual([1, 1]);
  });

  it('are each answered with what is due to them', async () => {
    const payloads = [{ n: 1 }, { n: 13 }, { n: 1.5 }, { n: 2 }];
    const settled = await Promise.allSettled(
      payloads.map((payload) => service.client.request(echo, payload)),
    );
    expect(settled).toMatchObject([
      { status: 'fulfilled', value: { n: 1 } },
      { status: 'rejected', reason: { code: 'number.unlucky', details: { n: 13 } } },
      { status: 'rejected', reason: { code: 'message.invalid', details: { pointer: '/n' } } },
      { status: 'fulfilled', value: { n: 2 } },
    ]);
    expect(handled).toEqual([1, 13, 2]);
  });

  it('do not wait for the slowest among them', async () => {
    let open: () => void = () => undefined;
    gate = new Promise<void>((resolve) => (open = resolve));
    const [slow, fast] = [99, 1].map((n) => service.client.request(echo, { n }));
    expect(await fast).toMatchObject({ n: 1 });
    open();
    expect(await slow).toMatchObject({ n: 99 });
    await seen();
    expect([requests, replies].map(({ length }) => length)).toEqual([1, 2]);
  });

  it('are shared out in messages of sixteen, so that several processes get some', async () => {
    await askAll(numbers(40).map((n) => ({ n: 100 + n })));
    await seen();
    expect(requests.map((message) => message.json<{ requests: [] }>().requests.length)).toEqual([
      16, 16, 8,
    ]);
  });

  // Three bytes a character: all together four times as much as NATS takes in one message.
  it.each([
    ['requests', { text: '€'.repeat(90_000) }, [12, 12]],
    ['replies', { text: '€'.repeat(90), times: 1_000 }, [1, 12]],
  ])('stay below what a message may hold: %s', async (_what, large, messages) => {
    const answers = await askAll(numbers(12).map((n) => ({ n, ...large })));
    expect(answers.every(({ text }) => text === '€'.repeat(90_000))).toBe(true);
    await seen();
    expect([requests, replies].map(({ length }) => length)).toEqual(messages);
  });

  it('travel apart when they do not wait equally long', async () => {
    const short = service.client.request(echo, { n: 1 }, { deadlineMs: 1_000 });
    const long = service.client.request(echo, { n: 2 }, { deadlineMs: 1_500 });
    await Promise.all([short, long]);
    await seen();
    const patience = requests.map((message) => message.json<{ patienceMs: number }>().patienceMs);
    expect(patience).toHaveLength(2);
    expect(patience[0]).toBeLessThanOrEqual(1_000);
    expect(patience[1]).toBeGreaterThan(1_000);
  });
});

describe('what befalls a message befalls all its requests', () => {
  const outcomes = (op: typeof nobody) =>
    Promise.all(
      [1, 2].map((n) => service.client.request(op, { n }).catch((error: unknown) => error)),
    );

  it('when nobody listens', async () => {
    for (const error of await outcomes(nobody)) {
      expect(error).toBeInstanceOf(Unavailable);
      expect(error).toMatchObject({ code: 'service.unavailable' });
    }
  });

  it.each(['not { json', '[null]', '7'])('when the reply is %s', async (reply) => {
    const { nc } = service.bus;
    const subscription = nc.subscribe(garbled.subject, {
      callback: (_, message) => void message.respond(reply),
    });
    for (const error of await outcomes(garbled)) expect(error).toBeInstanceOf(AnswerFault);
    await subscription.drain();
  });

  it('when the connection is lost, and what is asked meanwhile goes with the next one', async () => {
    let open: () => void = () => undefined;
    gate = new Promise<void>((resolve) => (open = resolve));
    const lost = service.client.request(echo, { n: 99 }, { deadlineMs: 20_000 });
    const failure = lost.catch((error: unknown) => error);
    await eventually(() => handled.includes(99));
    nats.kill('SIGKILL');
    await nats.exited;
    expect(await failure).toMatchObject({ code: 'service.unavailable' });
    const sentBefore = service.bus.nc.stats().outMsgs;
    const asked = [1, 2].map((n) => service.client.request(echo, { n }, { deadlineMs: 20_000 }));
    await nats.restart();
    expect(await Promise.all(asked)).toMatchObject([{ n: 1 }, { n: 2 }]);
    // Two requests and two replies: what waits for a connection waits on a timer of its own.
    expect(service.bus.nc.stats().outMsgs - sentBefore).toBe(4);
    open();
  });
});
