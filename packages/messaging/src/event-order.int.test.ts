import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, testNats, type TestNats } from '@safelight/testing';
import {
  pendingOf,
  serveStream,
  settledAll,
  type Handle,
  type Stream,
} from './test/served-stream.js';
import {
  outgoing,
  testStream,
  type TestService,
  type TestServiceOptions,
} from './test/test-service.js';

let nats: TestNats;
let running: TestService[] = [];

beforeAll(async () => {
  nats = await testNats();
});
afterEach(async () => {
  await Promise.all(running.map((service) => service.close()));
  running = [];
});
afterAll(() => nats.stop());

async function serve(stream: Stream, handle: Handle, more: Partial<TestServiceOptions> = {}) {
  const served = await serveStream(nats.url, stream, handle, more);
  running.push(served.service);
  return served;
}

describe('order', () => {
  it('holds within a key while other keys go on', async () => {
    const stream = testStream();
    const handled: string[] = [];
    const gates = new Map<string, () => void>();
    const { service, publisher } = await serve(stream, async ({ n }, { key }) => {
      if (n === 0 && key === 'slow') await new Promise<void>((open) => gates.set(key, open));
      handled.push(`${key} ${n}`);
    });
    const messages = [0, 1, 2, 3].flatMap((n) =>
      ['slow', 'fast'].map((key) =>
        outgoing(stream.happened.subject, n, { id: `${key}-${n}`, key }),
      ),
    );
    await publisher.publish(messages);
    await eventually(() => handled.length === 4);
    expect(handled).toEqual(['fast 0', 'fast 1', 'fast 2', 'fast 3']);
    gates.get('slow')!();
    await settledAll(service, stream);
    expect(handled.slice(4)).toEqual(['slow 0', 'slow 1', 'slow 2', 'slow 3']);
  });

  it('never has more in hand than it may', async () => {
    const stream = testStream();
    let inHand = 0;
    let most = 0;
    let handled = 0;
    const { service, publisher } = await serve(
      stream,
      async () => {
        inHand += 1;
        most = Math.max(most, inHand);
        await new Promise((resolve) => setImmediate(resolve));
        inHand -= 1;
        handled += 1;
      },
      { server: { concurrency: 5 } },
    );
    const messages = Array.from({ length: 200 }, (_, n) => outgoing(stream.happened.subject, n));
    await publisher.publish(messages);
    await settledAll(service, stream);
    expect(handled).toBe(200);
    expect(most).toBeLessThanOrEqual(5);
    expect(most).toBeGreaterThan(1);
  });
});

describe('two processes with one durable', () => {
  it('share the events, and each is handled once', async () => {
    const stream = testStream();
    const handled: number[][] = [[], []];
    const slowly =
      (mine: number[]) =>
      async ({ n }: { n: number }) => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        mine.push(n);
      };
    const options = { server: { concurrency: 8 } };
    const { service, publisher } = await serve(stream, slowly(handled[0]!), options);
    await serve(stream, slowly(handled[1]!), options);
    const messages = Array.from({ length: 300 }, (_, n) => outgoing(stream.ended.subject, n));
    await publisher.publish(messages);
    await settledAll(service, stream);
    const all = handled.flat().sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 300 }, (_, n) => n));
    expect(handled.every((mine) => mine.length > 30)).toBe(true);
  });
});

describe('closing', () => {
  it('finishes what is in hand, acknowledges it, and leaves the rest to the next process', async () => {
    const stream = testStream();
    const first: number[] = [];
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { service, publisher } = await serve(
      stream,
      async ({ n }) => {
        await gate;
        first.push(n);
      },
      { server: { concurrency: 4 } },
    );
    await publisher.publish(
      Array.from({ length: 20 }, (_, n) => outgoing(stream.happened.subject, n)),
    );
    await eventually(async () => (await pendingOf(service, stream)) === 20);
    const closed = service.close();
    open();
    await closed;
    running = [];
    expect(first.toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3]);
    const second: number[] = [];
    const next = await serve(stream, ({ n }, { attempt }) => second.push(n * 10 + attempt));
    await settledAll(next.service, stream);
    expect(second.sort((a, b) => a - b)).toEqual(
      Array.from({ length: 16 }, (_, i) => (i + 4) * 10 + 1),
    );
  });
});
