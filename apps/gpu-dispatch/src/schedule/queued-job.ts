import type { Lane } from '@safelight/contracts';

/** Workers that belong to no account in particular. */
export const SHARED_POOL = 'shared';

/** A job as the schedule sees it. */
export interface QueuedJob {
  readonly jobId: string;
  readonly accountId: string;
  readonly lane: Lane;
  readonly model: string;
  /** A pool that is reserved for its account; the shared one unless it is said. */
  readonly pool?: string | undefined;
  /** It goes to no worker of an account's pool, not even to one that is lent: a test key's. */
  readonly sharedOnly?: boolean | undefined;
  /** What it will probably cost without loading its model, in GPU milliseconds; at least 1. */
  readonly predictedGpuMs: number;
  /** Free GPU memory that it needs, where that is known. Bytes. */
  readonly vramBytes?: number | undefined;
  /** The account's share against others, positive; the latest job's holds. 1 unless it is said. */
  readonly weight?: number | undefined;
  /** Most jobs of the account that may run at once; the latest job's holds. */
  readonly runningMax?: number | undefined;
  /** Rises in the order of queueing; a job that comes back keeps its place. */
  readonly sequence: number;
  /** When it was first queued: wall clock, epoch ms. */
  readonly queuedAtMs: number;
}

/** A job that does not wait: one that runs, or is about to. */
export type RunningJob = Omit<QueuedJob, 'sequence' | 'queuedAtMs'>;

/** A worker with a free slot, as the schedule sees it. */
export interface WorkerView {
  /** All that it can run, by the names of models. */
  readonly models: ReadonlySet<string>;
  /** Those of them that it has loaded. */
  readonly warm: ReadonlySet<string>;
  /** The shared one unless it is said. */
  readonly pool?: string | undefined;
  /** Its pool belongs to an account. */
  readonly dedicated?: boolean | undefined;
  /** Models for which it takes no job from outside its pool. */
  readonly unlent?: ReadonlySet<string> | undefined;
  /** GPU memory that a job can get here, where that is known. Bytes. */
  readonly freeVramBytes?: number | undefined;
  /** Models that failed here, and are not tried again for a while. */
  readonly excluded?: ReadonlySet<string> | undefined;
  /** Its last job came from outside its pool. */
  readonly lent?: boolean | undefined;
}

/** What the schedule asks of the fleet and its models. */
export interface FleetView {
  /** Slots, busy ones too, of workers that have the model loaded and that the job may go to. */
  warmSlots(job: Pick<QueuedJob, 'model' | 'pool'>): number;
  /** How long a worker takes to load the model, in milliseconds; 0 where that is not known. */
  loadMs(model: string): number;
}

export const weightOf = ({ weight = 1 }: { weight?: number | undefined }): number => weight;
export const poolOf = ({ pool = SHARED_POOL }: { pool?: string | undefined }): string => pool;
