import { Arrivals, LAST } from './arrivals.js';
import { Calibration } from './calibration.js';
import type { FairQueue, QueuedJob } from '../schedule/fair-queue.js';
import {
  runForward,
  type Forecast,
  type ForwardWorker,
  type Runtime,
} from '../schedule/run-forward.js';

/** What the forecaster runs forward. */
export interface ForecastFleet {
  readonly queue: FairQueue;
  /** Workers as they stand now; also those that are on their way. Times: epoch ms. */
  workers(nowMs: number): ForwardWorker[];
  /** Of jobs that it does not know, by their predicted GPU time. */
  runtimeOf(job: QueuedJob): Runtime;
  loadMs(model: string): number;
}

/** When a job will probably begin and be done, in milliseconds from now. */
export interface Prospect {
  /** Jobs before it. */
  readonly position: number;
  readonly startMs: Times;
  readonly finishMs: Times;
  /** The start as it was foreseen, before experience corrected it. */
  readonly rawMs: number;
}
export interface Times {
  readonly p50: number;
  readonly p90: number;
}

interface Kept {
  readonly prospect: Prospect;
  readonly atMs: number;
  /** How often it has been told: each who heard it may be before the next. */
  told: number;
}

const KEPT_MS = 1_000;
/** Of one run. What comes later is estimated from the work before it. */
const DECISIONS_MAX = 2_000;
/** Decisions of all runs within a second; a choice takes some 20 microseconds. */
const DECISIONS_PER_SECOND = 4_000;
/** Copying this many waiting jobs costs about as much as one decision. */
const COPIES_PER_DECISION = 100;

/** Jobs whose forecasts are remembered until they begin. */
const TOLD_MAX = 20_000;

/**
 * Says when jobs will be done by running the schedule forward, on what is known of runtimes, and on
 * the assumption that what came in the last minute comes again: in a fair order others come in before
 * an account that has much waiting, and who did not count on that told it too early an end. What was
 * told is told again for a second, with the work of those who heard it added, so that a burst does not
 * cost a run for each; and where all runs of a second would cost too much, the work before a job is
 * divided by the slots instead.
 */
export class Forecaster {
  private kept = new Map<string, Kept>();
  private second = 0;
  private spent = 0;
  private readonly arrivals = new Arrivals();
  private readonly calibration = new Calibration();
  private readonly told = new Map<string, { accountId: string; rawMs: number; atMs: number }>();
  private run: { readonly atMs: number; readonly places: Map<string, Forecast> } | undefined;

  constructor(private readonly fleet: ForecastFleet) {}

  /**
   * @param job as it would be queued now; it need not be in the queue
   * @param expected jobs that are not in the queue but count as if they were
   * @param nowMs wall clock, epoch ms
   */
  foresee(job: QueuedJob, expected: readonly QueuedJob[], nowMs: number): Prospect {
    const key = `${keyOf(job)} ${expected.length > 0}`;
    const kept = this.kept.get(key);
    if (kept !== undefined && nowMs - kept.atMs < KEPT_MS) {
      kept.told += 1;
      return this.later(kept, job, nowMs);
    }
    const prospect = this.corrected(this.look(job, expected, nowMs), job);
    this.kept.set(key, { prospect, atMs: nowMs, told: 0 });
    if (this.kept.size > DECISIONS_PER_SECOND) this.forgetOld(nowMs);
    return prospect;
  }

  /** The job was let in, with this prospect: such ones are to be expected. */
  came(job: QueuedJob, { rawMs }: Prospect, nowMs: number): void {
    this.told.set(job.jobId, { accountId: job.accountId, rawMs, atMs: nowMs });
    const [oldest] = this.told.keys();
    if (this.told.size > TOLD_MAX && oldest !== undefined) this.told.delete(oldest);
    this.arrivals.note(job, nowMs);
  }

  /** The job waits no more: so good was its forecast. */
  began(jobId: string, nowMs: number): void {
    const told = this.told.get(jobId);
    if (told === undefined) return;
    this.told.delete(jobId);
    this.calibration.note(told.accountId, told.rawMs, nowMs - told.atMs);
  }

  /** Where a job stands that waits; `undefined` for one that does not. */
  locate(jobId: string, nowMs: number): Prospect | undefined {
    const { queue } = this.fleet;
    if (!queue.has(jobId)) return undefined;
    if (this.run === undefined || nowMs - this.run.atMs >= KEPT_MS) {
      const places = new Map<string, Forecast>();
      for (const forecast of runForward(queue, this.options(nowMs))) {
        places.set(forecast.job.jobId, forecast);
      }
      this.run = { atMs: nowMs, places };
    }
    const forecast = this.run.places.get(jobId);
    return forecast && this.corrected(fromNow(forecast, nowMs), forecast.job);
  }

  /** When a job would begin by the work before it alone, spread over all slots that could run it. */
  estimate(job: QueuedJob, expected: readonly QueuedJob[], nowMs: number): Prospect {
    const workers = this.fleet.workers(nowMs).filter(({ models }) => models.has(job.model));
    const rivals = new Set(workers.flatMap(({ models }) => [...models]));
    const slots = workers.flatMap((worker) => worker.slots);
    const ahead = this.fleet.queue.workAhead(job, rivals);
    const coming = expected.filter(({ model }) => rivals.has(model));
    const runningMs = slots.reduce((sum, { freeAtMs }) => sum + Math.max(0, freeAtMs - nowMs), 0);
    const comingMs = coming.reduce((sum, { predictedGpuMs }) => sum + predictedGpuMs, 0);
    const start = (ahead.gpuMs + runningMs + comingMs) / Math.max(1, slots.length);
    const { p50Ms, p90Ms } = this.fleet.runtimeOf(job);
    return {
      position: ahead.jobs + coming.length,
      rawMs: start,
      startMs: { p50: start, p90: start * ROUGH },
      finishMs: { p50: start + p50Ms, p90: start * ROUGH + p90Ms },
    };
  }

  private look(job: QueuedJob, expected: readonly QueuedJob[], nowMs: number): Prospect {
    const { queue } = this.fleet;
    if (!this.mayRun(nowMs, (queue.size + expected.length) / COPIES_PER_DECISION)) {
      return this.estimate(job, expected, nowMs);
    }
    const copy = queue.clone();
    for (const each of expected) if (!copy.has(each.jobId)) copy.add(each);
    if (!copy.has(job.jobId)) copy.add(job);
    let decided = 0;
    for (const forecast of runForward(copy, this.options(nowMs))) {
      decided += 1;
      if (forecast.job.jobId !== job.jobId) continue;
      this.spent += decided;
      return fromNow(forecast, nowMs);
    }
    this.spent += decided;
    return this.estimate(job, expected, nowMs);
  }

  /** What was told to the one before, and that one's work. */
  private later({ prospect, told, atMs }: Kept, job: QueuedJob, nowMs: number): Prospect {
    const slots = this.fleet
      .workers(nowMs)
      .reduce((sum, { models, slots: own }) => sum + (models.has(job.model) ? own.length : 0), 0);
    const shiftMs = (told * job.predictedGpuMs) / Math.max(1, slots) - (nowMs - atMs);
    const shifted = ({ p50, p90 }: Times, least: Times): Times => ({
      p50: Math.max(least.p50, p50 + shiftMs),
      p90: Math.max(least.p90, p90 + shiftMs),
    });
    const { p50Ms: p50, p90Ms: p90 } = this.fleet.runtimeOf(job);
    return {
      position: prospect.position + told,
      rawMs: Math.max(0, prospect.rawMs + shiftMs),
      startMs: shifted(prospect.startMs, { p50: 0, p90: 0 }),
      finishMs: shifted(prospect.finishMs, { p50, p90 }),
    };
  }

  /** The wait by what the account's forecasts were wrong by; the rest of its time is as foreseen. */
  private corrected(prospect: Prospect, { accountId }: QueuedJob): Prospect {
    const { startMs, finishMs, rawMs } = prospect;
    const more = (this.calibration.factor(accountId, rawMs) - 1) * startMs.p50;
    const later = ({ p50, p90 }: Times): Times => ({
      p50: p50 + more,
      p90: p90 + Math.max(0, more),
    });
    return { ...prospect, startMs: later(startMs), finishMs: later(finishMs) };
  }

  private mayRun(nowMs: number, cost: number): boolean {
    const second = Math.floor(nowMs / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.spent = 0;
    }
    if (this.spent >= DECISIONS_PER_SECOND) return false;
    this.spent += cost;
    return true;
  }

  private options(nowMs: number) {
    const { fleet } = this;
    return {
      arrivals: this.arrivals.again(nowMs),
      ...{ workers: fleet.workers(nowMs), nowMs, decisionsMax: DECISIONS_MAX },
      runtimeOf: (each: QueuedJob) => fleet.runtimeOf(each),
      loadMs: (model: string) => fleet.loadMs(model),
    };
  }

  private forgetOld(nowMs: number): void {
    for (const [key, { atMs }] of this.kept) if (nowMs - atMs >= KEPT_MS) this.kept.delete(key);
  }
}

/** How much longer than the middle way the bad one of ten is taken for where nothing was run. */
const ROUGH = 1.3;

/** What makes two jobs have the same prospects: `sequence` tells those apart who keep a place. */
function keyOf({ accountId, lane, pool, model, predictedGpuMs, sequence }: QueuedJob): string {
  const place = sequence === LAST ? '' : sequence;
  return `${accountId} ${lane} ${pool ?? ''} ${Math.round(Math.log2(predictedGpuMs) * 4)} ${place} ${model}`;
}

/** Jobs that nobody has queued yet come after all that were: no event's position is as high. */
export const NEWCOMERS_FROM = 2 ** 52;

const fromNow = ({ position, startMs, finishMs }: Forecast, nowMs: number): Prospect => ({
  position,
  rawMs: startMs.p50 - nowMs,
  startMs: { p50: startMs.p50 - nowMs, p90: startMs.p90 - nowMs },
  finishMs: { p50: finishMs.p50 - nowMs, p90: finishMs.p90 - nowMs },
});
