import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { progressSubject } from '@safelight/contracts';
import { eventually, testNats } from '@safelight/testing';
import { spec, TinyDispatcher } from './tiny-dispatcher.js';

/** More than anybody waits for: what ends sooner was made to. */
const slow = { ...spec, model: 'builtin/atelier', width: 2_048, height: 2_048, steps: 500 };
const quick = { ...slow, width: 256, height: 256, steps: 2 };

let nats: Awaited<ReturnType<typeof testNats>>;
let folder: string;
let dispatcher: TinyDispatcher;
let child: ChildProcess | undefined;
let output: string;

beforeAll(async () => {
  nats = await testNats();
}, 60_000);
afterAll(() => nats.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safelight-worker-'));
  dispatcher = await TinyDispatcher.start(nats.url);
  dispatcher.leaseMs = 60_000;
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await dispatcher.close();
  await rm(folder, { recursive: true });
});

/** The worker as operators run it. Resolves with how it ended. */
function launch(env: Record<string, string>): Promise<{ code: number | null }> {
  output = '';
  const main = fileURLToPath(new URL('../main.js', import.meta.url));
  const given = { NATS_URL: nats.url, OBJECT_STORE_DIR: folder, PATH: '', ...env };
  const launched = spawn(process.execPath, [main], { env: given });
  for (const stream of [launched.stdout, launched.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  child = launched;
  return once(launched, 'close').then(([code]) => ({ code: code as number | null }));
}
const patience = { deadlineMs: 60_000 };
const began = () => eventually(() => output.includes('attempt begins'), patience);
const offered = () => eventually(() => dispatcher.offers.some(({ slots }) => slots > 0), patience);

describe('the process of a worker', () => {
  it('at SIGTERM offers nothing more, finishes what fits, and ends well', async () => {
    const end = launch({ WORKER_DRAIN_MS: '60000', WORKER_SLOTS: '1' });
    await offered();
    const { jobId } = await dispatcher.assign({ spec: { ...quick, steps: 40 } });
    await began();
    child?.kill('SIGTERM');
    expect(await end).toEqual({ code: 0 });
    expect(dispatcher.offers.at(-1)).toMatchObject({ slots: 0, freeSlots: 0 });
    expect(dispatcher.completed.map((report) => report.jobId)).toEqual([jobId]);
    expect(output).toContain(jobId);
  });

  it('at SIGTERM hands back what does not fit', async () => {
    const end = launch({ WORKER_DRAIN_MS: '50', WORKER_SLOTS: '1' });
    await offered();
    const { jobId } = await dispatcher.assign({ spec: slow });
    await began();
    child?.kill('SIGTERM');
    expect(await end).toEqual({ code: 0 });
    expect(dispatcher.failed).toMatchObject([{ jobId, code: 'worker.draining', retryable: true }]);
  });

  it('at a second SIGTERM hands everything back at once', async () => {
    const end = launch({ WORKER_DRAIN_MS: '3600000', WORKER_SLOTS: '1' });
    await offered();
    const { jobId } = await dispatcher.assign({ spec: slow });
    await began();
    child?.kill('SIGTERM');
    await dispatcher.offer(({ slots }) => slots === 0);
    child?.kill('SIGTERM');
    expect(await end).toEqual({ code: 0 });
    expect(dispatcher.failed).toMatchObject([{ jobId, code: 'worker.draining' }]);
  });

  it('goes on while the bus is away, and reports when it is back', async () => {
    const end = launch({ WORKER_DRAIN_MS: '0', WORKER_SLOTS: '1' });
    await offered();
    let heard = 0;
    const callback = () => void (heard += 1);
    dispatcher.bus.nc.subscribe(progressSubject('*'), { callback });
    await dispatcher.bus.nc.flush();
    // It has the words by now, and its engine is at work.
    const { jobId } = await dispatcher.assign({
      spec: { ...slow, width: 1_024, height: 1_024, steps: 30 },
    });
    await eventually(() => heard > 0, patience);
    nats.kill('SIGKILL');
    await nats.exited;
    await eventually(() => output.includes('attempt ends'), patience);
    expect(dispatcher.completed).toEqual([]);
    await nats.restart();
    const report = await eventually(() => dispatcher.completed[0], patience);
    expect(report).toMatchObject({ jobId, outputs: { length: 1 } });
    child?.kill('SIGTERM');
    expect(await end).toEqual({ code: 0 });
  });

  it('does not come up with an engine that nobody knows, and says what to do', async () => {
    expect(await launch({ ENGINE: 'comfy' })).toEqual({ code: 2 });
    expect(output).toMatch(
      /^worker: ENGINE: no such engine is known; set one of builtin, [a-z0-9, ]+\n$/,
    );
  });
});
