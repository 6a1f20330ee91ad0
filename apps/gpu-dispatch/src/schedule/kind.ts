import { IndexedHeap } from './indexed-heap.js';
import { poolOf, type QueuedJob, type WorkerView } from './queued-job.js';

/** An account's place among those that wait for one kind of job. */
export interface Turn {
  readonly time: number;
  readonly sequence: number;
}

export const isSooner = (a: Turn, b: Turn): boolean =>
  a.time < b.time || (a.time === b.time && a.sequence < b.sequence);

/** Jobs that the same workers fit: of one model, pool and need of memory, and let in by the same pools. */
export interface Kind {
  readonly model: string;
  readonly pool: string;
  /** 0 where it is not known. */
  readonly vramBytes: number;
  readonly sharedOnly: boolean;
  /** Accounts that wait for it. */
  readonly turns: IndexedHeap<string, Turn>;
  /** What waits, without the jobs of accounts that run as many as they may. */
  jobs: number;
  gpuMs: number;
  /** Accounts that have jobs of it, also those. */
  shelves: number;
}

/** The soonest job of an account, with its place. */
export interface Candidate {
  readonly kind: Kind;
  readonly job: QueuedJob;
  readonly turn: Turn;
}

export const keyOf = (
  job: Pick<QueuedJob, 'model' | 'pool' | 'vramBytes' | 'sharedOnly'>,
): string => `${poolOf(job)} ${job.vramBytes ?? 0} ${job.sharedOnly === true} ${job.model}`;

export const kindOf = (job: QueuedJob): Kind => ({
  model: job.model,
  pool: poolOf(job),
  vramBytes: job.vramBytes ?? 0,
  sharedOnly: job.sharedOnly === true,
  turns: new IndexedHeap(isSooner),
  ...{ jobs: 0, gpuMs: 0, shelves: 0 },
});

/** Whether the worker could run it, as far as is known. */
export function fits(
  kind: Pick<QueuedJob, 'model' | 'pool' | 'vramBytes' | 'sharedOnly'>,
  worker: WorkerView,
): boolean {
  if (kind.sharedOnly === true && worker.dedicated === true) return false;
  if (!worker.models.has(kind.model)) return false;
  if (poolOf(kind) !== poolOf(worker) && worker.unlent?.has(kind.model) === true) return false;
  if (worker.excluded?.has(kind.model) === true) return false;
  return (kind.vramBytes ?? 0) <= (worker.freeVramBytes ?? Infinity);
}
