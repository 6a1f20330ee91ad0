import { describe, expect, it } from '@jest/globals';
import { FairQueue, type QueuedJob } from '../schedule/fair-queue.js';
import { many } from '../test/queued.js';
import { Forecaster } from './forecaster.js';
import { DECISIONS_PER_TURN, ESTIMATES_PER_TURN } from './places.js';

const models = new Set(['m']);
const ACCOUNTS = 600;

/** Counts what it is asked for in one turn of the thread. */
class CountedQueue extends FairQueue {
  looks = 0;
  override workAhead(...asked: Parameters<FairQueue['workAhead']>) {
    this.looks += 1;
    return super.workAhead(...asked);
  }
}

function scene(workers: number, jobsEach: number) {
  const queue = new CountedQueue();
  const jobs = Array.from({ length: ACCOUNTS }, (_, at) => many(`a${at}`, jobsEach)).flat();
  for (const job of jobs) queue.add(job);
  const turns: { decisions: number; looks: number }[] = [];
  let [decisions, views] = [0, 0];
  const fleet = {
    queue,
    workers: (nowMs: number) => {
      views += 1;
      return Array.from({ length: workers }, () => ({
        ...{ models, warm: ['m'], warmMax: 1, slots: [{ freeAtMs: nowMs }] },
      }));
    },
    runtimeOf: ({ predictedGpuMs }: QueuedJob) => {
      decisions += 1;
      return { p50Ms: predictedGpuMs, p90Ms: predictedGpuMs };
    },
    loadMs: () => 0,
  };
  const endTurn = () => {
    turns.push({ decisions, looks: queue.looks });
    [decisions, queue.looks] = [0, 0];
    return Promise.resolve();
  };
  const forecaster = new Forecaster(fleet, undefined, { pause: endTurn });
  return { forecaster, jobs, turns, views: () => views, endTurn };
}

describe('locating many jobs', () => {
  it('does a bounded part of it in each turn of the thread', async () => {
    const { forecaster, jobs, turns, endTurn } = scene(1_000, 33);
    const asked = jobs.filter((_, at) => at % 33 === 32).slice(0, 512);
    for (const job of asked) await forecaster.locate(job.jobId, job, 0);
    await endTurn();
    const estimates = turns.reduce((sum, { looks }) => sum + looks, 0);
    expect(estimates).toBe(512);
    for (const { decisions, looks } of turns) {
      expect(looks).toBeLessThanOrEqual(ESTIMATES_PER_TURN);
      // Of each job that is told where it stands, too, the runtime is looked up.
      expect(decisions).toBeLessThanOrEqual(DECISIONS_PER_TURN + looks);
    }
    expect(turns.length).toBeGreaterThan(512 / ESTIMATES_PER_TURN + 1_000 / DECISIONS_PER_TURN);
  });

  it('asks once for all that stand alike', async () => {
    const { forecaster, jobs, turns, endTurn } = scene(1, 33);
    const far = jobs.slice(-33);
    const found = [];
    for (const job of far) found.push(await forecaster.locate(job.jobId, job, 0));
    await endTurn();
    expect(turns.reduce((sum, { looks }) => sum + looks, 0)).toBeLessThanOrEqual(1);
    expect(found.every((each) => each !== undefined && each.finishMs.p50 > 0)).toBe(true);
  });
});
