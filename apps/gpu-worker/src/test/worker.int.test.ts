import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { progressSubject, type InputSecret, type JobInput } from '@safelight/contracts';
import { FileObjectStore, SealedObjects } from '@safelight/object-store';
import type { RunningService } from '@safelight/telemetry';
import { eventually, testNats } from '@safelight/testing';
import { readWorkerConfig } from '../config.js';
import { EngineError } from '../engine/engine.js';
import { startWorker } from '../service.js';
import { ScriptedEngine } from './scripted-engine.js';
import { spec, TinyDispatcher } from './tiny-dispatcher.js';

let nats: Awaited<ReturnType<typeof testNats>>;
let folder: string;
let dispatcher: TinyDispatcher;
let engine: ScriptedEngine;
let worker: RunningService;
let closed: boolean;

beforeAll(async () => {
  nats = await testNats();
  folder = await mkdtemp(join(tmpdir(), 'safelight-worker-'));
}, 60_000);
afterAll(async () => {
  await nats.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  dispatcher = await TinyDispatcher.start(nats.url);
  engine = new ScriptedEngine();
  closed = false;
  const env = { NATS_URL: nats.url, LOG_LEVEL: 'silent', OBJECT_STORE_DIR: folder };
  const config = readWorkerConfig({ ...env, WORKER_SLOTS: '2', WORKER_DRAIN_MS: '100' });
  worker = await startWorker(config, () => engine);
});
afterEach(async () => {
  engine.free();
  await close();
  await dispatcher.close();
});
const close = async () => {
  if (!closed) await worker.close();
  closed = true;
};

/** A picture as a gateway seals it: what events know of it, and what opens it. */
async function sealed(role: 'image' | 'mask', plain: string) {
  const key = `inputs/${randomUUID()}`;
  const { dataKey, digest } = await new SealedObjects(new FileObjectStore(folder)).put(
    key,
    Buffer.from(plain),
  );
  const input: JobInput = { role, key, digest, mediaType: 'image/png', width: 64, height: 64 };
  const secret: InputSecret = { dataKey, digests: ['0'.repeat(64)] };
  return { input, secret };
}

describe('a worker', () => {
  it('offers its models and slots, runs every image with its own seed, stores and reports', async () => {
    const offer = await dispatcher.offer(() => true);
    expect(offer).toMatchObject({ engine: 'scripted', slots: 2, freeSlots: 2, leases: [] });
    engine.free();
    const { jobId } = await dispatcher.assign({ attempt: 4, spec: { ...spec, images: 3 } });
    const report = await eventually(() => dispatcher.completed[0]);
    expect(report).toMatchObject({ jobId, attempt: 4, incarnation: offer.incarnation });
    expect(report.outputs.map(({ seed }) => seed)).toEqual([7, 8, 9]);
    expect(engine.requests[0]).toMatchObject({ prompt: 'a dot', model: 'test/slow', seed: 7 });
    const store = new FileObjectStore(folder);
    for (const { outputId, key, seed, bytes } of report.outputs) {
      expect(key).toBe(`jobs/${jobId}/4/${outputId}.png`);
      expect([...(await store.get(key)).bytes]).toEqual([seed]);
      expect(bytes).toBe(1);
    }
    await dispatcher.offer(({ freeSlots, leases }) => freeSlots === 2 && leases.length === 0);
  });

  it('opens the pictures of a job for its engine', async () => {
    const [image, mask] = [await sealed('image', 'a lake'), await sealed('mask', 'its shore')];
    dispatcher.content = { ...dispatcher.content, inputs: [image.secret, mask.secret] };
    engine.free();
    const inputs = [image.input, mask.input];
    await dispatcher.assign({ spec: { ...spec, operation: 'edit', inputs, strength: 0.5 } });
    await eventually(() => dispatcher.completed[0]);
    const [request] = engine.requests;
    expect(request).toMatchObject({ operation: 'edit', strength: 0.5, prompt: 'a dot' });
    expect([request?.image, request?.mask].map(String)).toEqual(['a lake', 'its shore']);
    expect(request).not.toHaveProperty('scale');
    expect(request).not.toHaveProperty('automask');
  });

  it('fails for good, without asking its engine, when a picture is gone or is another one', async () => {
    const [image, other] = [await sealed('image', 'a lake'), await sealed('image', 'a hill')];
    const store = new FileObjectStore(folder);
    dispatcher.content = { ...dispatcher.content, inputs: [other.secret] };
    await dispatcher.assign({ spec: { ...spec, inputs: [image.input] } });
    const swapped = await eventually(() => dispatcher.failed[0]);
    expect(swapped).toMatchObject({ code: 'worker.input_broken', retryable: false });
    await store.delete(other.input.key);
    await dispatcher.assign({ spec: { ...spec, inputs: [other.input] } });
    const gone = await eventually(() => dispatcher.failed[1]);
    expect(gone).toMatchObject({ code: 'worker.input_broken', retryable: false });
    expect(engine.requests).toEqual([]);
  });

  it('refuses what it has no slot for, and a leader whose reign is over', async () => {
    const first = await dispatcher.assign();
    await dispatcher.assign();
    await expect(dispatcher.assign()).rejects.toMatchObject({ code: 'worker.busy' });
    await expect(dispatcher.assign({ epoch: 4 })).rejects.toMatchObject({
      code: 'worker.stale_epoch',
    });
    // Told twice of the same attempt: the answer was lost, not the assignment.
    await dispatcher.assign({ jobId: first.jobId });
    const full = await dispatcher.offer(({ leases }) => leases.length === 2);
    expect(full.freeSlots).toBe(0);
  });

  it('stops between two passes when it is cancelled, and says only what was used', async () => {
    const assignment = await dispatcher.assign();
    await eventually(() => engine.requests.length === 1);
    expect(await dispatcher.cancel(assignment)).toBe(true);
    await dispatcher.offer(({ freeSlots, leases }) => freeSlots === 2 && leases.length === 0);
    expect(engine.cancelled).toEqual([7]);
    expect(await dispatcher.cancel(assignment)).toBe(false);
    const use = await eventually(() => dispatcher.stopped[0]);
    expect(use).toMatchObject({ jobId: assignment.jobId, attempt: assignment.attempt });
    expect(use.gpuMs).toBeGreaterThanOrEqual(0);
    expect([dispatcher.completed.length, dispatcher.failed.length]).toEqual([0, 0]);
  });

  it('drops a lease that the answer to its heartbeat names', async () => {
    const { jobId, attempt } = await dispatcher.assign();
    await eventually(() => engine.requests.length === 1);
    dispatcher.drop = [{ jobId, attempt: attempt + 1 }];
    await dispatcher.offer(({ leases }) => leases.length === 1);
    expect(engine.cancelled).toEqual([]);
    dispatcher.drop = [{ jobId, attempt }];
    await dispatcher.offer(({ leases }) => leases.length === 0);
    expect(engine.cancelled).toEqual([7]);
  });

  it('stops working when it has been out of touch for a lease and its grace', async () => {
    dispatcher.leaseMs = 300;
    await dispatcher.offer(() => true);
    await dispatcher.assign();
    await eventually(() => engine.requests.length === 1);
    await dispatcher.silence();
    await eventually(() => engine.cancelled.length === 1);
    await dispatcher.listen();
    await dispatcher.offer(({ leases }) => leases.length === 0);
    expect(dispatcher.failed).toEqual([]);
  });

  it('brings its result through when the dispatcher stumbles and goes away for a while', async () => {
    dispatcher.leaseMs = 60_000;
    await dispatcher.offer(() => true);
    dispatcher.stumbles = true;
    engine.free();
    const { jobId } = await dispatcher.assign();
    // The slot is free while the report waits, and the lease is still named.
    await dispatcher.offer(({ freeSlots, leases }) => freeSlots === 2 && leases.length === 1);
    await dispatcher.silence();
    dispatcher.stumbles = false;
    await dispatcher.listen();
    expect((await eventually(() => dispatcher.completed[0])).jobId).toBe(jobId);
  });

  it('acts out what a test key asked for: a failure that no retry mends, or a long wait', async () => {
    await dispatcher.assign({ spec: { ...spec, test: { outcome: 'fail' } } });
    expect(await eventually(() => dispatcher.failed[0])).toMatchObject({
      code: 'test.failure_asked_for',
      retryable: false,
    });
    const slow = await dispatcher.assign({ spec: { ...spec, test: { outcome: 'slow' } } });
    engine.free();
    expect(await dispatcher.cancel(slow)).toBe(true);
    await dispatcher.offer(({ leases }) => leases.length === 0);
    expect([engine.requests.length, dispatcher.completed.length]).toEqual([0, 0]);
  });

  it('reports failures with a code, and whether another worker would fare better', async () => {
    engine.failure = new EngineError('engine.request_invalid', 'width is odd');
    await dispatcher.assign();
    expect(await eventually(() => dispatcher.failed[0])).toMatchObject({
      ...{ code: 'engine.request_invalid', message: 'width is odd', retryable: false },
    });
    engine.failure = new Error('a secret path');
    await dispatcher.assign();
    const unknown = await eventually(() => dispatcher.failed[1]);
    expect([unknown.code, unknown.retryable]).toEqual(['worker.fault', true]);
    expect(unknown.message).not.toContain('secret');
    await dispatcher.assign({ jobId: dispatcher.unknown });
    expect(await eventually(() => dispatcher.failed[2])).toMatchObject({
      ...{ code: 'job.not_found', retryable: false },
    });
  });

  it('hands back what it cannot finish when it closes, and finishes what it can', async () => {
    const slow = await dispatcher.assign();
    await eventually(() => engine.requests.length === 1);
    await close();
    expect(dispatcher.failed).toMatchObject([
      { jobId: slow.jobId, code: 'worker.draining', retryable: true },
    ]);
    expect(dispatcher.offers.at(-1)).toMatchObject({ slots: 0, freeSlots: 0, models: [] });
    expect(engine.closed).toBe(true);
  });

  it('finishes in time when it closes', async () => {
    const quick = await dispatcher.assign();
    await eventually(() => engine.requests.length === 1);
    const closing = close();
    await dispatcher.offer(({ slots }) => slots === 0);
    engine.free();
    await closing;
    expect(dispatcher.completed.map(({ jobId }) => jobId)).toEqual([quick.jobId]);
    expect(dispatcher.failed).toEqual([]);
  });

  it('tells how far it is, seldom, and never backwards', async () => {
    const percents: number[] = [];
    const heard = dispatcher.bus.nc.subscribe(progressSubject('*'), {
      callback: (_, message) => void percents.push(message.json<{ percent: number }>().percent),
    });
    await dispatcher.bus.nc.flush();
    engine.free();
    await dispatcher.assign({ spec: { ...spec, steps: 50_000, images: 2 } });
    await eventually(() => dispatcher.completed.length === 1);
    expect(percents).toEqual([...new Set(percents)].sort((a, b) => a - b));
    expect(percents.length).toBeLessThan(50);
    heard.unsubscribe();
  });
});
