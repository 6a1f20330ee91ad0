import type { Underway } from './draws.js';
import type { QueuedJob, WorkerView } from './queued-job.js';

/** A worker as it stands when the run begins. */
export interface ForwardWorker extends Omit<WorkerView, 'warm'> {
  readonly warm: Iterable<string>;
  /** How many models it keeps loaded. */
  readonly warmMax: number;
  /** One for each slot: when it will probably be free, epoch ms, and which job holds it. */
  readonly slots: readonly ForwardSlot[];
}

export interface ForwardSlot {
  readonly freeAtMs: number;
  readonly jobId?: string | undefined;
  /** What `freeAtMs` comes from, for whoever would rather draw it. */
  readonly underway?: Underway | undefined;
}

/** How long a job will run once its model is loaded, in milliseconds. */
export interface Runtime {
  readonly p50Ms: number;
  readonly p90Ms: number;
}

export interface ForwardOptions {
  readonly workers: readonly ForwardWorker[];
  readonly nowMs: number;
  readonly runtimeOf: (job: QueuedJob) => Runtime;
  /** Milliseconds; 0 where it is not known. */
  readonly loadMs: (model: string) => number;
  /** How long a load takes in this run, where that is not what the schedule supposes. */
  readonly loadTakesMs?: (model: string) => number;
  /** Stops after so many decisions: what comes later is not told. */
  readonly decisionsMax: number;
  /** Who will probably come meanwhile, in the order of time; nobody unless it is said. */
  readonly arrivals?: Iterator<Arrival>;
  /** Jobs that count as if they waited already. */
  readonly also?: readonly QueuedJob[];
}

/** A job that is not there yet. Its coming is foreseen, and nothing is told of it. */
export interface Arrival {
  readonly job: QueuedJob;
  /** Epoch ms. */
  readonly atMs: number;
}
