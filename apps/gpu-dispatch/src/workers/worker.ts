import type { assignTo, cancelOn, offerSlots } from '@safelight/contracts';
import type { z } from 'zod';
import type { QueuedJob } from '../schedule/queued-job.js';

export type Offer = z.output<typeof offerSlots.request>;

/** A worker's process as it last described itself. */
export interface Worker {
  readonly workerId: string;
  readonly incarnation: string;
  readonly models: ReadonlySet<string>;
  /** Those of them that it failed with, and is kept from for a while. */
  readonly excluded: ReadonlySet<string>;
  /** It gets no work at all, except to prove itself. */
  readonly quarantined: boolean;
  /** Those of them that it gets jobs for: all but the excluded, and none in quarantine. */
  readonly serves: ReadonlySet<string>;
  /** Those of them that it has loaded. */
  readonly warm: ReadonlySet<string>;
  readonly pool: string;
  /** The pool belongs to an account. */
  readonly dedicated: boolean;
  /** Models of which it can do less than everybody may count on: nobody is lent it for those. */
  readonly unlent: ReadonlySet<string>;
  /** Class of its GPU, where it has one. */
  readonly gpu: string | undefined;
  /**
   * Memory that a job can get there, in bytes: all of its GPU's, because what engines keep loaded makes
   * room; `undefined` where nobody measures it.
   */
  readonly freeVramBytes: number | undefined;
  /** Its last job came from outside its pool. */
  readonly lent: boolean;
  readonly slots: number;
  /** Slots that a job can be sent to now. */
  readonly free: number;
  readonly heardMs: number;
  /** How this process is asked to take and to drop work. */
  readonly assign: ReturnType<typeof assignTo>;
  readonly cancel: ReturnType<typeof cancelOn>;
}

/** What has to be known of a job to find a worker for it. */
export type Wanting = Pick<QueuedJob, 'model' | 'pool' | 'sharedOnly' | 'vramBytes'>;

/** Whether the job may go there, and has room, whatever the worker is doing. */
export function isOpenTo(worker: Worker, { model, pool, ...job }: Wanting): boolean {
  if (worker.dedicated && job.sharedOnly === true) return false;
  if (pool === undefined && worker.unlent.has(model)) return false;
  return (job.vramBytes ?? 0) <= (worker.freeVramBytes ?? Infinity);
}

/** What a worker is kept from. */
export type Restraint = Pick<Worker, 'excluded' | 'quarantined'>;

/** Whose a worker is. */
export type Belonging = Pick<Worker, 'dedicated' | 'unlent'>;

export const NOBODYS: Belonging = { dedicated: false, unlent: new Set() };

export const UNRESTRAINED: Restraint = { excluded: new Set(), quarantined: false };
