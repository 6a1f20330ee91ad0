import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { operation } from '@safelight/contracts';
import { testNats, type TestNats } from '@safelight/testing';
import { z } from 'zod';
import { startService, type TestService } from './test/test-service.js';

const DEADLINE_MS = 300;
const work = operation('test.work', z.object({}), z.object({}));

let nats: TestNats;
let service: TestService;
let thread: Worker;
beforeAll(async () => {
  nats = await testNats();
  service = await startService({ url: nats.url });
  const workerData = { url: nats.url, subject: work.subject, answerAfterMs: 20 };
  thread = new Worker(new URL('./test/answering-thread.js', import.meta.url), { workerData });
  await once(thread, 'message');
});
afterAll(async () => {
  await thread.terminate();
  await service.close();
  await nats.stop();
});

it('takes an answer that came in time, though it had no time to read it before the deadline', async () => {
  const asked = once(thread, 'message');
  const answer = service.client.request(work, {}, { deadlineMs: DEADLINE_MS });
  answer.catch(() => undefined);
  await asked;
  const begun = performance.now();
  while (performance.now() - begun < 2 * DEADLINE_MS);
  await expect(answer).resolves.toEqual({});
});
