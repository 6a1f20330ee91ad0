import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FileObjectStore } from '@safelight/object-store';
import type { RunningService } from '@safelight/telemetry';
import { eventually, testNats } from '@safelight/testing';
import { readWorkerConfig } from '../config.js';
import { EngineError, EngineLost } from '../engine/engine.js';
import { startWorker } from '../service.js';
import { ProcessEngine } from './process-engine.js';
import { ScriptedEngine } from './scripted-engine.js';
import { spec, TinyDispatcher } from './tiny-dispatcher.js';

let nats: Awaited<ReturnType<typeof testNats>>;
let folder: string;
let dispatcher: TinyDispatcher;
let engine: ScriptedEngine;
let worker: RunningService | undefined;

beforeAll(async () => {
  nats = await testNats();
}, 60_000);
afterAll(() => nats.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safelight-worker-'));
  dispatcher = await TinyDispatcher.start(nats.url);
  engine = new ScriptedEngine();
});
afterEach(async () => {
  engine.stubborn = false;
  engine.free();
  await worker?.close();
  worker = undefined;
  await dispatcher.close();
  await rm(folder, { recursive: true });
});

async function start(env: Record<string, string> = {}): Promise<RunningService> {
  const config = readWorkerConfig({
    ...{ NATS_URL: nats.url, LOG_LEVEL: 'silent', OBJECT_STORE_DIR: folder },
    ...{ WORKER_DRAIN_MS: '0', WORKER_HEALTH_MS: '50', ...env },
  });
  worker = await startWorker(config, () => engine);
  return worker;
}
const readiness = async () => {
  const answer = await fetch(`${worker?.opsUrl ?? ''}/ready`);
  const { checks } = (await answer.json()) as { checks: { engine: Record<string, string> } };
  return { status: answer.status, engine: checks.engine };
};
const metric = async (line: RegExp) => {
  const text = await (await fetch(`${worker?.opsUrl ?? ''}/metrics`)).text();
  return Number(line.exec(text)?.[1] ?? Number.NaN);
};
const stored = async () => {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.png'));
};

describe('a worker beside its engine', () => {
  it('says what the engine is and can at this moment, and offers no more slots than it has', async () => {
    await start({ WORKER_SLOTS: '9', WORKER_POOL: 'studio', WORKER_TAGS: 'rack-7' });
    const first = await dispatcher.offer(() => true);
    expect(first).toMatchObject({ slots: 4, freeSlots: 4, pool: 'studio', tags: ['rack-7'] });
    expect(first).toMatchObject({ warm: [], gpu: null });
    engine.capabilities = { ...engine.capabilities, warm: ['test/slow'], slots: 1 };
    await dispatcher.offer(({ slots, warm }) => slots === 1 && warm[0] === 'test/slow');
    engine.capabilities = { ...engine.capabilities, slots: 12 };
    await dispatcher.offer(({ slots }) => slots === 9);
  });

  it('tells loading apart from work, and the memory that was seen in use', async () => {
    engine.said = { loadMs: 1e9, peakVramBytes: 7_000 };
    engine.free();
    await start();
    await dispatcher.assign();
    const report = await eventually(() => dispatcher.completed[0]);
    expect(engine.loaded).toEqual(['test/slow']);
    // An engine that claims more than the whole run took is believed as far as that.
    expect(report).toMatchObject({ gpuMs: 0, peakVramBytes: 7_000 });
    engine.said = {};
    engine.capabilities = { ...engine.capabilities, warm: ['test/slow'] };
    await dispatcher.assign();
    const warm = await eventually(() => dispatcher.completed[1]);
    expect(warm).toMatchObject({ loadMs: 0, peakVramBytes: null });
    expect(engine.loaded).toEqual(['test/slow']);
    expect(await metric(/^attempt_seconds_count\{.*outcome="completed".*\} (\d+)/m)).toBe(2);
    expect(await metric(/^engine_up\S* (\d+)/m)).toBe(1);
    expect(await metric(/^worker_slots\{.*state="free".*\} (\d+)/m)).toBe(4);
  });

  it('offers nothing before its models have passed a trial, and says which one fails', async () => {
    engine.free();
    engine.failure = new EngineError('engine.weights_missing', 'no such file');
    await start({ WORKER_WARM_UP: 'test/slow' });
    expect(dispatcher.offers).toEqual([]);
    expect(await readiness()).toEqual({
      status: 503,
      engine: {
        status: 'down',
        fault: 'the warm-up of test/slow failed: engine.weights_missing: no such file',
      },
    });
    engine.failure = undefined;
    await dispatcher.offer(({ freeSlots }) => freeSlots === 4);
    expect((await readiness()).status).toBe(200);
    expect(engine.requests.at(-1)).toMatchObject({ operation: 'generate', steps: 1 });
  });

  it('gives a trial up that takes too long, and refuses a model that the engine has not', async () => {
    await start({ WORKER_WARM_UP: 'test/slow', WORKER_WARM_UP_MS: '100' });
    expect((await readiness()).engine.fault).toContain('not done within 100 ms');
    expect(dispatcher.offers).toEqual([]);
    await worker?.close();
    engine = new ScriptedEngine();
    await start({ WORKER_WARM_UP: 'test/other' });
    expect((await readiness()).engine.fault).toMatch(
      /test\/other failed.*the engine has test\/slow/,
    );
    expect(dispatcher.offers).toEqual([]);
  });

  it('tries what the engine wants tried, unless the operator says none', async () => {
    engine.capabilities = { ...engine.capabilities, warmUp: ['test/slow'] };
    engine.free();
    await start();
    expect(engine.requests).toHaveLength(1);
    await worker?.close();
    await start({ WORKER_WARM_UP: 'none' });
    expect(engine.requests).toHaveLength(1);
  });
});

describe('a worker whose engine does not stop', () => {
  it('frees the slot all the same, and gives the engine up', async () => {
    engine.stubborn = true;
    await start();
    const before = await dispatcher.offer(() => true);
    const assignment = await dispatcher.assign();
    await eventually(() => engine.requests.length === 1);
    await dispatcher.cancel(assignment);
    const use = await eventually(() => dispatcher.stopped[0]);
    expect(use.jobId).toBe(assignment.jobId);
    expect(use.gpuMs).toBeGreaterThan(1_000);
    await dispatcher.offer(({ incarnation, freeSlots }) => {
      return incarnation !== before.incarnation && freeSlots === 4;
    });
    expect([dispatcher.completed, dispatcher.failed]).toEqual([[], []]);
    expect(
      await metric(/^worker_waste_seconds_total\{.*reason="dropped".*\} (\S+)/m),
    ).toBeGreaterThan(1);
  });
});

describe('a worker whose engine is lost', () => {
  it('fails fast, offers nothing, and comes back under a new name', async () => {
    await start();
    const before = await dispatcher.offer(() => true);
    engine.failure = new EngineLost('out of memory');
    engine.illness = 'dead';
    const { jobId } = await dispatcher.assign();
    expect(await eventually(() => dispatcher.failed[0])).toMatchObject({
      ...{ jobId, code: 'engine.lost', retryable: true, incarnation: before.incarnation },
    });
    await dispatcher.offer(({ slots, models }) => slots === 0 && models.length === 0);
    expect(await readiness()).toMatchObject({ status: 503, engine: { status: 'down' } });
    await eventually(() => engine.revivals > 1);
    const offers = dispatcher.offers.length;
    expect(dispatcher.offers.at(-1)?.slots).toBe(0);
    engine.failure = undefined;
    engine.illness = undefined;
    const after = await dispatcher.offer(({ slots }) => slots === 4);
    expect(dispatcher.offers.slice(offers).map(({ slots }) => slots)).not.toContain(0);
    expect(after.incarnation).not.toBe(before.incarnation);
    engine.free();
    await dispatcher.assign();
    await eventually(() => dispatcher.completed[0]);
  });

  it('lets the runs go on that the engine still answers for', async () => {
    await start();
    const before = await dispatcher.offer(() => true);
    const healthy = await dispatcher.assign();
    await eventually(() => engine.requests.length === 1);
    engine.failure = new EngineLost('one thread died');
    await dispatcher.assign();
    await eventually(() => dispatcher.failed.length === 1);
    engine.failure = undefined;
    await dispatcher.offer(({ slots, leases }) => slots === 0 && leases.length === 1);
    engine.free();
    expect((await eventually(() => dispatcher.completed[0])).jobId).toBe(healthy.jobId);
    await dispatcher.offer(({ incarnation, slots }) => {
      return incarnation !== before.incarnation && slots === 4;
    });
    expect(dispatcher.failed).toHaveLength(1);
  });

  it.each(['SIGKILL', 'SIGSTOP'] as const)('for its process by %s', async (signal) => {
    const own = new ProcessEngine();
    engine = own;
    await start({ WORKER_HEALTH_MS: '300' });
    const before = await dispatcher.offer(() => true);
    const { jobId } = await dispatcher.assign();
    await eventually(() => engine.requests.length === 1);
    own.signal(signal);
    expect(await eventually(() => dispatcher.failed[0], { deadlineMs: 30_000 })).toMatchObject({
      ...{ jobId, code: 'engine.lost', retryable: true },
    });
    await dispatcher.offer(({ incarnation, freeSlots }) => {
      return incarnation !== before.incarnation && freeSlots === 4;
    });
    expect(engine.revivals).toBeGreaterThan(0);
  });
});

describe('what nobody gets', () => {
  it('is cleared away and counted: the outputs of an attempt that was superseded', async () => {
    dispatcher.supersedes = true;
    engine.free();
    await start();
    await dispatcher.assign();
    const [output] = (await eventually(() => dispatcher.completed[0])).outputs;
    await eventually(async () => !(await new FileObjectStore(folder).exists(output?.key ?? '')));
    const use = await eventually(() => dispatcher.stopped[0]);
    expect(use.gpuMs).toBe(dispatcher.completed[0]?.gpuMs);
  });

  it('is cleared away: the first images of an attempt that is cancelled at a later one', async () => {
    await start();
    const assignment = await dispatcher.assign({ spec: { ...spec, images: 3, steps: 1 } });
    await eventually(() => engine.requests.length === 1);
    engine.letOne();
    await eventually(() => engine.requests.length === 2);
    expect(await stored()).toHaveLength(1);
    await dispatcher.cancel(assignment);
    await eventually(async () => (await stored()).length === 0);
    expect(engine.cancelled).toEqual([8]);
  });

  it('is not run on: what is past its deadline while nobody can say so', async () => {
    await start();
    await dispatcher.offer(() => true);
    await dispatcher.assign({ deadlineAt: new Date(Date.now() + 1_500).toISOString() });
    await eventually(() => engine.requests.length === 1);
    await dispatcher.silence();
    await eventually(() => engine.cancelled.length === 1);
    await dispatcher.listen();
  });
});
