import type { QueuedJob } from '../schedule/fair-queue.js';
import { ForwardRun, type ForwardOptions, type ForwardSlot } from '../schedule/run-forward.js';
import { rawOf, type ForecastFleet, type Raw } from './prospect.js';

/** How much longer than the middle way the bad one of ten is taken for where nothing was run. */
const ROUGH = 0.3;

/** Slots that could run a job, and what else runs there. */
export interface Able {
  readonly slots: readonly ForwardSlot[];
  readonly models: ReadonlySet<string>;
}

/** A job of which it is asked when it will begin. */
export interface Asked {
  readonly job: QueuedJob;
  readonly able: Able;
}

export function ableTo(fleet: ForecastFleet, { model }: QueuedJob, nowMs: number): Able {
  const workers = fleet.workers(nowMs).filter(({ models }) => models.has(model));
  // Workers that run the same may share one set.
  const sets = new Set(workers.map(({ models }) => models));
  return {
    slots: workers.flatMap((worker) => worker.slots),
    models: new Set([...sets].flatMap((models) => [...models])),
  };
}

/**
 * When a job would begin by the work before it alone, spread over all slots that could run it.
 *
 * @param expected jobs that are not in the queue but count as if they were
 * @param nowMs wall clock, epoch ms
 */
export function roughly(
  { queue }: ForecastFleet,
  { job, able }: Asked,
  expected: readonly QueuedJob[],
  nowMs: number,
): Raw {
  const { slots, models } = able;
  const ahead = queue.workAhead(job, models);
  const coming = expected.filter(({ model }) => models.has(model));
  const runningMs = slots.reduce((sum, { freeAtMs }) => sum + Math.max(0, freeAtMs - nowMs), 0);
  const comingMs = coming.reduce((sum, { predictedGpuMs }) => sum + predictedGpuMs, 0);
  const startMs = (ahead.gpuMs + runningMs + comingMs) / Math.max(1, slots.length);
  const position = ahead.jobs + coming.length;
  return { position, startMs, slackMs: startMs * ROUGH, loadMs: 0, decisions: 0 };
}

/** Of one run: what happens later is foreseen by how fast the work before a job became less in it. */
export const DECISIONS_MAX = 1_500;
/** Nothing is foreseen further; ms. */
const FAR_MS = 3_600_000;

/** Runs the schedule forward until the job is taken. */
export function runUntil(
  fleet: ForecastFleet,
  asked: Asked,
  options: Omit<ForwardOptions, 'decisionsMax'>,
): Raw {
  const { job, able } = asked;
  const { nowMs, also = [] } = options;
  const jobs = { also: [...also, job], decisionsMax: DECISIONS_MAX };
  const run = new ForwardRun(fleet.queue, { ...options, ...jobs });
  const before = run.workAhead(job, able.models);
  let next = run.next();
  while (next !== undefined && next.job.jobId !== job.jobId) next = run.next();
  const { decisions } = run;
  if (next !== undefined) return rawOf(next, nowMs, decisions);
  const left = run.workAhead(job, able.models);
  const rough = { ...roughly(fleet, asked, also, nowMs), decisions };
  if (left >= before) return { ...rough, startMs: FAR_MS };
  const ranMs = run.atMs - nowMs;
  const startMs = Math.min(FAR_MS, ranMs + (left * ranMs) / (before - left));
  return { ...rough, startMs, slackMs: startMs * ROUGH };
}
