import type { FairQueue, QueuedJob, WorkerView } from '../schedule/fair-queue.js';

let sequence = 0;

/** A job of the standard lane that costs a second on model `m`, queued after all that were made before. */
export const job = (accountId: string, part: Partial<QueuedJob> = {}): QueuedJob => {
  sequence += 1;
  return {
    ...{ jobId: `job_${sequence}`, accountId, sequence, queuedAtMs: 0 },
    ...{ model: 'm', lane: 'standard', predictedGpuMs: 1_000 },
    ...part,
  };
};

export const many = (accountId: string, count: number, part: Partial<QueuedJob> = {}) =>
  Array.from({ length: count }, () => job(accountId, part));

/** A worker that has loaded all that it can run. */
export const workerOf = (
  models: readonly string[],
  part: Partial<WorkerView> = {},
): WorkerView => ({
  ...{ models: new Set(models), warm: new Set(models) },
  ...part,
});

export const take = (queue: FairQueue, models: readonly string[] = ['m']): QueuedJob | undefined =>
  queue.take(workerOf(models), 0)?.job;

export const takeAll = (queue: FairQueue, models: readonly string[] = ['m']): QueuedJob[] => {
  const order: QueuedJob[] = [];
  for (let next = take(queue, models); next; next = take(queue, models)) order.push(next);
  return order;
};
