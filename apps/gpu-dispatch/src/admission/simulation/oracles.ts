import { LAST } from '../arrivals.js';
import type { FairQueue, QueuedJob } from '../../schedule/fair-queue.js';
import { ForwardRun, type Arrival, type ForwardWorker } from '../../schedule/run-forward.js';

/** The world at the moment when a job is let in, before it is queued. */
export interface Moment {
  readonly job: QueuedJob;
  readonly nowMs: number;
  readonly queue: FairQueue;
  /** Workers as they are foreseen, and when they will really be free. */
  readonly workers: ForwardWorker[];
  readonly trueWorkers: ForwardWorker[];
  readonly loadMs: (model: string) => number;
  readonly running: () => { job: QueuedJob; sinceMs: number; cold: boolean }[];
  readonly loads: (model: string) => readonly number[];
  readonly repeated: () => Iterator<Arrival>;
}

export interface Admission {
  readonly job: QueuedJob;
  readonly gpuMs: number;
  readonly atMs: number;
}

export interface Knowledge {
  readonly runtimes: boolean;
  readonly arrivals: boolean;
}

export class Oracle {
  private readonly index = new Map<string, number>();
  constructor(private readonly admissions: readonly Admission[]) {
    admissions.forEach(({ job }, index) => this.index.set(job.jobId, index));
  }

  private truth(job: QueuedJob): number {
    const admission = this.admissions[this.index.get(job.jobId) ?? -1];
    return admission?.gpuMs ?? job.predictedGpuMs;
  }

  foresee(moment: Moment, knows: Knowledge): { startMs: number; loadMs: number } {
    const { job, nowMs, queue } = moment;
    const from = (this.index.get(job.jobId) ?? 0) + 1;
    const truths = this.admissions;
    const coming = function* () {
      for (let i = from; i < truths.length; i += 1) {
        const next = truths[i];
        if (next !== undefined)
          yield { job: { ...next.job, sequence: LAST + i, queuedAtMs: next.atMs }, atMs: next.atMs };
      }
    };
    const run = new ForwardRun(queue, {
      workers: knows.runtimes ? moment.trueWorkers : moment.workers,
      nowMs,
      decisionsMax: 20_000,
      runtimeOf: (each) => {
        const ms = knows.runtimes ? this.truth(each) : each.predictedGpuMs;
        return { p50Ms: ms, p90Ms: ms };
      },
      loadMs: moment.loadMs,
      arrivals: knows.arrivals ? coming() : moment.repeated(),
      also: [job],
    });
    let next = run.next();
    while (next !== undefined && next.job.jobId !== job.jobId) next = run.next();
    if (next === undefined) return { startMs: 3_600_000, loadMs: 0 };
    return { startMs: Math.max(0, next.startMs.p50 - nowMs), loadMs: next.loadMs };
  }
}
