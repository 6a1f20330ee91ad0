import type { Lane } from '@safelight/contracts';
import type { QueuedJob } from './queued-job.js';

/**
 * Why a job was taken, before others:
 * - `served at once`: a slot was free for it and nobody else waited for that slot
 * - `head`: its account is the one furthest behind its share, and the model is loaded here
 * - `warm`: its model is loaded here, and its account is not much further on than the head's
 * - `soon free elsewhere`: as `warm`, and for the head a warm slot will be free before a load would end
 * - `switch`: it is the head, and waiting for a warm slot would not have been better
 * - `switch: nothing warm`: it is the head, and no job waits whose model is loaded here
 * - `switch: starved`: it is the head, and had waited so long that a switch was forced
 */
export type Rule =
  | 'served at once'
  | 'head'
  | 'warm'
  | 'soon free elsewhere'
  | 'switch'
  | 'switch: nothing warm'
  | 'switch: starved';

/** How the job came to a worker of a pool that is reserved: `reclaimed` after it was lent. */
export type PoolRule = 'own' | 'reclaimed' | 'lent';

/** Where the account stood in its lane, the moment before it was charged for the job. */
export interface Standing {
  /** Its virtual time less the lane's: GPU milliseconds per weight; negative is behind its share. */
  readonly aheadMs: number;
  /** Accounts that were before it, among those that this worker could serve; counted up to a bound. */
  readonly position: number;
  /** Accounts that waited in the lane. */
  readonly accounts: number;
}

/** Who would have been taken otherwise. */
export interface RunnerUp {
  readonly jobId: string;
  readonly accountId: string;
  readonly model: string;
  /** Its account's virtual time less that of the account that was served; GPU milliseconds. */
  readonly aheadMs: number;
}

/** Why the schedule gave a worker this job. */
export interface Decision {
  readonly rule: Rule;
  readonly lane: Lane;
  readonly waitedMs: number;
  /** The worker had the model loaded. */
  readonly warm: boolean;
  readonly pool?: PoolRule;
  /** A more urgent job stood back, so that the lane gets the least that it is promised. */
  readonly minimumShare?: true;
  readonly standing: Standing;
  readonly runnerUp: RunnerUp | null;
}

export interface Taken {
  readonly job: QueuedJob;
  readonly decision: Decision;
}
