import { DomainError } from '@safelight/event-sourcing';
import type { QueuedJob } from '../schedule/fair-queue.js';
import { LAST } from './arrivals.js';
import { NEWCOMERS_FROM, type Forecaster, type Prospect } from './forecaster.js';
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
const RETRY_MAX_SECONDS = 300;
/** Who is turned away is told when the wait will be this part of the bound: forecasts are not exact. */
const INVITED_AT = 0.9;
/** Later than told by up to this part, so that not all come in the same second. */
const JITTER = 0.1;
const JITTER_MAX_SECONDS = 5;
/** At least this part of the drain is taken to serve those who were turned away. */
const LEAST_DRAIN = 0.2;
/** Over which it is watched how much comes in before those who were turned away, in ms. */
const WATCHED_MS = 30_000;

/**
 * Lets jobs in whose wait is foreseen to be within the bounds, and tells the others when to come
 * again, so that it holds: whoever is turned away is counted as if it waited, in its place of the
 * fair order, until it comes; so the wait that is foreseen for it is what the queue and all who were
 * turned away before it need, and shrinks with the time as the queue does. What still comes in before
 * them, because its account is further behind its share, is watched and counted as a slower drain.
 */
export class Gate {
  /** GPU milliseconds that came in before those who were turned away, fading over `WATCHED_MS`. */
  private overtaken = 0;
  private watchedMs = 0;

  /**
   * @param slots how many jobs of the kind can run at once
   * @param random 0 to 1
   */
  constructor(
    private readonly forecaster: Forecaster,
    private readonly room: WaitingRoom<QueuedJob>,
    private readonly slots: (job: Candidate) => number,
    private readonly random: () => number,
  ) {}

  /**
   * @param keeps whether it will be queued if it is let in; otherwise nothing is remembered
   * @param nowMs wall clock, epoch ms
   * @throws DomainError `dispatch.unavailable` with when to come again
   */
  enter(candidate: Candidate, bounds: Bounds, nowMs: number, keeps: boolean): Prospect {
    this.room.forgetThoseLate(nowMs);
    const kind = kindOf(candidate);
    const claimed = keeps
      ? this.room.claim({ accountId: candidate.accountId, kind }, nowMs)
      : undefined;
    const job = { ...candidate, sequence: claimed?.job.sequence ?? LAST, queuedAtMs: nowMs };
    const prospect = this.forecaster.foresee(job, [], nowMs);
    // Those who are expected are not there yet: they count for who may come in, not for the end.
    const expected = [...this.room.expected()].map((each) => each.job);
    const judged = expected.length === 0 ? prospect : this.forecaster.foresee(job, expected, nowMs);
    const limitMs = limitOf(judged, bounds);
    if (judged.startMs.p50 <= limitMs) {
      if (claimed === undefined && keeps) this.letIn(candidate.predictedGpuMs, nowMs);
      if (keeps) this.forecaster.came(job, prospect, nowMs);
      return prospect;
    }
    const overMs = judged.startMs.p50 - limitMs * INVITED_AT;
    const retryAfterSeconds = this.retryAfter(job, overMs, nowMs);
    const order = claimed?.order ?? (keeps ? this.room.nextPlace(candidate.accountId) : undefined);
    if (order !== undefined) {
      const dueMs = nowMs + retryAfterSeconds * 1_000;
      const sequence = NEWCOMERS_FROM + order;
      const { accountId } = candidate;
      this.room.invite({ accountId, kind, order, dueMs, job: { ...job, sequence } });
    }
    throw unavailable(retryAfterSeconds);
  }

  /** What is foreseen for a job that only asks. */
  look(candidate: Candidate, nowMs: number): Prospect {
    return this.forecaster.foresee({ ...candidate, sequence: LAST, queuedAtMs: nowMs }, [], nowMs);
  }

  private retryAfter(job: Candidate, overMs: number, nowMs: number): number {
    this.fade(nowMs);
    const perSecond = this.overtaken / WATCHED_MS / Math.max(1, this.slots(job));
    const drain = Math.max(LEAST_DRAIN, 1 - perSecond);
    const seconds = Math.ceil(overMs / drain / 1_000);
    const jitter = Math.min(JITTER_MAX_SECONDS, seconds * JITTER) * this.random();
    return Math.max(RETRY_MIN_SECONDS, Math.min(RETRY_MAX_SECONDS, Math.round(seconds + jitter)));
  }

  private letIn(gpuMs: number, nowMs: number): void {
    this.fade(nowMs);
    if (this.room.size > 0) this.overtaken += gpuMs;
  }

  private fade(nowMs: number): void {
    const passedMs = Math.max(0, nowMs - this.watchedMs);
    this.watchedMs = nowMs;
    this.overtaken *= Math.exp(-passedMs / WATCHED_MS);
  }
}

/** The longest wait that is let in: its lane's, and what the deadline leaves beside the job itself. */
function limitOf({ startMs, finishMs }: Prospect, { waitMs, withinMs }: Bounds): number {
  return Math.max(0, Math.min(waitMs, withinMs - (finishMs.p50 - startMs.p50)));
}

const kindOf = ({ lane, pool, model }: Candidate): string => `${lane} ${pool ?? ''} ${model}`;

/** @returns the refusal of a job that cannot be served at present */
export const unavailable = (retryAfterSeconds: number): DomainError =>
  new DomainError('dispatch.unavailable', { retryAfterSeconds });
