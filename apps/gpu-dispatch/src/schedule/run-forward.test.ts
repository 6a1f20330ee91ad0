import { describe, expect, it } from '@jest/globals';
import { job, many, takeAll } from '../test/queued.js';
import { FairQueue, type QueuedJob } from './fair-queue.js';
import { ForwardRun, type ForwardOptions, type ForwardWorker } from './run-forward.js';

const worker = (part: Partial<ForwardWorker> = {}): ForwardWorker => ({
  ...{ models: new Set(['m', 'big']), warm: ['m'], warmMax: 1, slots: [{ freeAtMs: 0 }] },
  ...part,
});
const options = (part: Partial<ForwardOptions> = {}): ForwardOptions => ({
  ...{ workers: [worker()], nowMs: 0, decisionsMax: 1_000 },
  runtimeOf: ({ predictedGpuMs }) => ({ p50Ms: predictedGpuMs, p90Ms: predictedGpuMs }),
  loadMs: (model) => (model === 'big' ? 5_000 : 0),
  ...part,
});

function runForward(queue: FairQueue, given: ForwardOptions) {
  const run = new ForwardRun(queue, given);
  const told = [];
  for (let next = run.next(); next !== undefined; next = run.next()) told.push(next);
  return told;
}
/** Of one that does not wait yet. */
const forecastOf = (queue: FairQueue, mine: QueuedJob, given: ForwardOptions) =>
  runForward(queue, { ...given, also: [mine] }).find((told) => told.job.jobId === mine.jobId);

describe('the schedule run forward', () => {
  it('foresees what will be taken, when, and changes nothing', () => {
    const queue = new FairQueue();
    for (const each of [...many('a', 20), ...many('b', 3)]) queue.add(each);
    const foreseen = runForward(queue, options());
    expect(foreseen.map(({ startMs }) => startMs.p50)).toEqual(foreseen.map((_, i) => i * 1_000));
    expect(foreseen.map(({ position }) => position)).toEqual(foreseen.map((_, i) => i));
    const truth = takeAll(queue, ['m', 'big']).map(({ jobId }) => jobId);
    expect(foreseen.map((each) => each.job.jobId)).toEqual(truth);
  });

  it('tells the place and the end of a job that would come now', () => {
    const queue = new FairQueue();
    for (const each of many('greedy', 50)) queue.add(each);
    const workers = [worker({ slots: [{ freeAtMs: 3_000 }] })];
    const mine = job('mine');
    expect(forecastOf(queue, mine, options({ workers }))).toMatchObject({
      ...{ position: 1, startMs: { p50: 4_000 }, finishMs: { p50: 5_000 } },
    });
    expect(queue.has(mine.jobId)).toBe(false);
  });

  it('counts loads, and what loaded models let go before', () => {
    const queue = new FairQueue();
    for (const each of many('greedy', 100)) queue.add(each);
    const mine = job('mine', { model: 'big' });
    // Taken once the warm account is more than 60 s further on.
    expect(forecastOf(queue, mine, options())).toMatchObject({
      ...{ position: 61, startMs: { p50: 61_000 }, finishMs: { p50: 67_000 } },
    });
  });

  it('spreads with what runs before it on the slot', () => {
    const queue = new FairQueue();
    for (const each of many('a', 10)) queue.add(each);
    const runtimeOf = () => ({ p50Ms: 1_000, p90Ms: 2_000 });
    const spreads = runForward(queue, options({ runtimeOf })).map(
      ({ finishMs }) => finishMs.p90 - finishMs.p50,
    );
    expect(spreads[0]).toBeCloseTo(1_000);
    expect(spreads[8]).toBeCloseTo(3_000);
  });

  it('lets an account at its cap go on when one of its jobs ends', () => {
    const queue = new FairQueue();
    const running = job('capped', { runningMax: 1 });
    queue.resume(running);
    for (const each of many('capped', 2, { runningMax: 1 })) queue.add(each);
    const workers = [
      worker({ slots: [{ freeAtMs: 700, jobId: running.jobId }] }),
      worker({ slots: [{ freeAtMs: 0 }] }),
    ];
    const starts = runForward(queue, options({ workers })).map(({ startMs }) => startMs.p50);
    expect(starts).toEqual([700, 1_700]);
  });

  it('ends after so many decisions', () => {
    const queue = new FairQueue();
    for (const each of many('a', 10)) queue.add(each);
    expect(runForward(queue, options({ decisionsMax: 4 }))).toHaveLength(4);
  });
});
