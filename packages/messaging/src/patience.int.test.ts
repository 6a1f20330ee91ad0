import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { operation } from '@safelight/contracts';
import { testNats, type TestNats } from '@safelight/testing';
import { z } from 'zod';
import { startService, type TestService } from './test/test-service.js';

const work = operation('test.work', z.object({ takesMs: z.int() }), z.object({}));
const PATIENCE_MS = 500;

let nats: TestNats;
let service: TestService;
/** The answerer's clock. */
let nowMs = 0;
let worked: number[] = [];

beforeAll(async () => {
  nats = await testNats();
  const server = { now: () => nowMs };
  service = await startService({ url: nats.url, server });
  service.server.answer(work, ({ takesMs }) => {
    worked.push(takesMs);
    nowMs += takesMs;
    return {};
  });
  await service.bus.nc.flush();
});
afterEach(() => {
  jest.restoreAllMocks();
  worked = [];
});
afterAll(async () => {
  await service.close();
  await nats.stop();
});

const ask = (takesMs: number, deadlineMs = 2_000) =>
  service.client.request(work, { takesMs }, { deadlineMs });

const expired = async () => {
  const metrics = await service.telemetry.metricsText();
  return Number(
    /answer_duration_count\{[^}]*outcome="expired"[^}]*\} (\d+)/.exec(metrics)?.[1] ?? 0,
  );
};

describe('a request', () => {
  it('is not begun once it has waited in this process for longer than its asker does', async () => {
    const before = await expired();
    // From one turn of the event loop: they arrive together, and are begun one after the other.
    const [first, second] = await Promise.allSettled([
      ask(PATIENCE_MS, PATIENCE_MS),
      ask(0, PATIENCE_MS),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'service.timeout' } });
    expect(worked).toEqual([PATIENCE_MS]);
    expect((await expired()) - before).toBe(1);
  });

  it('is begun as long as somebody waits for it', async () => {
    const before = await expired();
    // Some of the patience may be gone when the message leaves, never all of it.
    await Promise.all([ask(1), ask(2), ask(0)]);
    expect(worked).toEqual([1, 2, 0]);
    expect(await expired()).toBe(before);
  });

  it.each([
    ['an hour ahead of', 3_600_000],
    ['an hour behind', -3_600_000],
  ])('is answered by a machine whose clock is %s the asker’s', async (_how, skewMs) => {
    const asked = ask(0);
    const { now } = Date;
    jest.spyOn(Date, 'now').mockImplementation(() => now() + skewMs);
    expect(await asked).toEqual({});
    expect(worked).toEqual([0]);
  });

  it('that arrives without any patience left is not begun', async () => {
    const { nc } = service.bus;
    const request = {
      id: 'late',
      correlationId: 'late',
      causationId: 'late',
      data: { takesMs: 7 },
    };
    nc.publish(work.subject, JSON.stringify({ patienceMs: 0, requests: [request] }));
    // Messages are taken in order: once this one is answered, the late one has been seen.
    await ask(0);
    expect(worked).toEqual([0]);
  });
});
