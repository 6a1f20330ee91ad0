import { DomainError } from '@safelight/event-sourcing';
import type { QueuedJob } from '../schedule/fair-queue.js';
import { LAST } from './arrivals.js';
import { NEWCOMERS_FROM } from './arrivals.js';
import type { Forecaster, Prospect } from './forecaster.js';
import type { WaitingRoom } from './waiting-room.js';

/** A job that asks to come in. */
export type Candidate = Omit<QueuedJob, 'sequence' | 'queuedAtMs'>;

export interface Bounds {
  /** Longest wait of its lane, in milliseconds. */
  readonly waitMs: number;
  /** How long it may take until it is done; `Infinity` where nobody says. */
  readonly withinMs: number;
}

const RETRY_MIN_SECONDS = 1;
const RETRY_MAX_SECONDS = 3_600;
/**
 * Who is turned away is told when the wait will be this part of the bound, and is let in up to the
 * whole: what is served until then may take twice as long as foreseen.
 */
const INVITED_AT = 0.5;
/** Later than told by up to this part, so that not all come in the same second. */
const JITTER = 0.1;
const JITTER_MAX_SECONDS = 5;

/**
 * Lets jobs in whose wait is foreseen to be within the bounds, and tells the others when to come
 * again, so that it holds: whoever is turned away is counted as if it waited, in its place of the
 * fair order, until it comes; so the wait that is foreseen for it is what the queue and all who were
 * turned away before it need, with those who will overtake it, and no more are invited at a time than
 * are served in it. Who comes at its time is judged by the queue alone; who would begin at once is
 * let in whoever is expected.
 */
export class Gate {
  /** @param random 0 to 1 */
  constructor(
    private readonly forecaster: Forecaster,
    private readonly room: WaitingRoom<QueuedJob>,
    private readonly random: () => number,
  ) {}

  /**
   * @param keeps whether it will be queued if it is let in; otherwise nothing is remembered
   * @param nowMs wall clock, epoch ms
   * @throws DomainError `dispatch.unavailable` with when to come again; `job.too_long` where it would
   *   not be done in time though it began at once
   */
  enter(candidate: Candidate, bounds: Bounds, nowMs: number, keeps: boolean): Prospect {
    this.room.forgetThoseLate(nowMs);
    const wanted = { accountId: candidate.accountId, kind: kindOf(candidate) };
    const claimed = keeps ? this.room.claim(wanted, nowMs) : undefined;
    // Who comes before its time keeps its place, but nothing is due to it: one place for each job.
    const place = claimed ?? (keeps ? this.room.reclaim(wanted, candidate.jobId) : undefined);
    const job = { ...candidate, sequence: place?.job.sequence ?? LAST, queuedAtMs: nowMs };
    const prospect = this.forecaster.foresee(job, [], nowMs);
    requireShort(prospect, bounds);
    const limitMs = limitOf(prospect, bounds);
    const fits = prospect.startMs.p50 <= limitMs;
    const isNext = claimed !== undefined || prospect.raw.startMs <= 0 || this.room.size === 0;
    if (fits && isNext)
      return this.letIn(job, prospect, { nowMs, keeps, isNews: claimed === undefined });
    const behind = this.behindAll(job, nowMs) ?? prospect;
    if (fits && behind.startMs.p50 <= limitMs) {
      return this.letIn(job, prospect, { nowMs, keeps, isNews: true });
    }
    const retryAfterSeconds = this.retryAfter(behind.startMs.p50 - limitMs * INVITED_AT);
    const order = place?.order ?? (keeps ? this.room.nextPlace(wanted.accountId) : undefined);
    if (order !== undefined) {
      const dueMs = nowMs + retryAfterSeconds * 1_000;
      const sequence = NEWCOMERS_FROM + order;
      const { jobId } = candidate;
      // An id of its own: whoever is expected may be in the queue meanwhile, under the job's.
      const expected = { ...job, jobId: `place ${order}`, sequence };
      this.room.invite({ ...wanted, jobId, order, dueMs, job: expected });
      this.forecaster.follows(job, false);
    }
    throw unavailable(retryAfterSeconds);
  }

  /** What is foreseen for a job that only asks. */
  look(candidate: Candidate, nowMs: number): Prospect {
    return this.forecaster.foresee({ ...candidate, sequence: LAST, queuedAtMs: nowMs }, [], nowMs);
  }

  /** What is foreseen for a job after all those who are expected; `undefined` where nobody is. */
  private behindAll(job: QueuedJob, nowMs: number): Prospect | undefined {
    if (this.room.size === 0) return undefined;
    const expected = [...this.room.expected()].map((each) => each.job);
    return this.forecaster.foresee(job, expected, nowMs);
  }

  private letIn(
    job: QueuedJob,
    prospect: Prospect,
    { nowMs, keeps, isNews }: { nowMs: number; keeps: boolean; isNews: boolean },
  ): Prospect {
    const told = this.forecaster.refine(job, prospect, nowMs);
    if (keeps) this.forecaster.came(job, told, nowMs, isNews);
    return told;
  }

  private retryAfter(overMs: number): number {
    const seconds = Math.ceil(overMs / 1_000);
    const jitter = Math.min(JITTER_MAX_SECONDS, seconds * JITTER) * this.random();
    return Math.max(RETRY_MIN_SECONDS, Math.min(RETRY_MAX_SECONDS, Math.round(seconds + jitter)));
  }
}

/** Waiting longer does not make a job shorter. */
function requireShort({ startMs, finishMs }: Prospect, { withinMs }: Bounds): void {
  const ownMs = finishMs.p50 - startMs.p50;
  if (ownMs <= withinMs) return;
  const [seconds, limitSeconds] = [ownMs, withinMs].map((ms) => Math.ceil(ms / 1_000));
  throw new DomainError('job.too_long', { seconds, limitSeconds });
}

/** The longest wait that is let in: its lane's, and what the deadline leaves beside the job itself. */
function limitOf({ startMs, finishMs }: Prospect, { waitMs, withinMs }: Bounds): number {
  return Math.max(0, Math.min(waitMs, withinMs - (finishMs.p50 - startMs.p50)));
}

const kindOf = ({ lane, pool, model }: Candidate): string => `${lane} ${pool ?? ''} ${model}`;

/** @returns the refusal of a job that cannot be served at present */
export const unavailable = (retryAfterSeconds: number): DomainError =>
  new DomainError('dispatch.unavailable', { retryAfterSeconds });
