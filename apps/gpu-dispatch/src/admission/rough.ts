import type { QueuedJob } from '../schedule/fair-queue.js';
import type { ForwardSlot } from '../schedule/run-forward.js';
import type { ForecastFleet, Raw } from './prospect.js';

/** How much longer than the middle way the bad one of ten is taken for where nothing was run. */
export const ROUGH = 0.3;

/** Slots that could run a job, and what else runs there. */
export interface Able {
  readonly slots: readonly ForwardSlot[];
  readonly models: ReadonlySet<string>;
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
  { job, able }: { readonly job: QueuedJob; readonly able: Able },
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
