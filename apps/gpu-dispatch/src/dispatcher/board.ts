import type { JobSpec } from '@safelight/contracts';
import type { MessageContext } from '@safelight/event-sourcing';
import type { OpenAssignment } from '../assignment/open-assignments.sql.js';
import { FairQueue, type QueuedJob } from '../schedule/fair-queue.js';
import { SpeedEstimates } from '../schedule/speed.js';
import { Roster } from '../workers/roster.js';

/** The right of one worker process to run one attempt. Times are monotonic, in ms. */
export interface Lease {
  readonly attempt: number;
  readonly workerId: string;
  readonly incarnation: string;
  readonly sinceMs: number;
  /** When it was decided who gets it; it was committed only then. */
  readonly decidedMs: number;
  untilMs: number;
  /** Of the span that handed it over; not known of one that was taken over. */
  traceparent?: string | undefined;
  /** The worker is known to have it: it accepted, or named it in a heartbeat. */
  confirmed: boolean;
  /** Taken over from an earlier reign: nothing about it can be on its way from us. */
  readonly resumed: boolean;
  /** The worker had to load the model first; not known of one that was taken over. */
  cold?: boolean;
  /** Offers in a row, heard since it was confirmed, in which the worker did not name it. */
  unnamed: number;
}

/** A worker process and the attempt that it is to run. */
export type Grant = Pick<Lease, 'attempt' | 'workerId' | 'incarnation'> & { decidedMs?: number };

/** A job that is queued, being leased, leased, or waits until it may be tried again. */
export interface Entry {
  /** As the schedule sees it now: it may have left the pool that was chosen for it. */
  job: QueuedJob;
  readonly spec: JobSpec;
  /** Epoch ms: it is looked at for every job, again and again. */
  readonly deadlineAtMs: number;
  /** Id of the event that queued the job, and the span in which that happened. */
  readonly cause: string;
  readonly traceparent: string | undefined;
  /** Wall clock, epoch ms; when it last began to wait. */
  queuedAtMs: number;
  attempt: number;
  /** Workers that failed with it: others are to try it first. */
  failedOn: readonly string[];
  lease?: Lease;
}

/** So many ended jobs are remembered at least, to answer what comes after without the database. */
const ENDED_KEPT = 20_000;

/** What the dispatcher knows, in memory. Every change is committed before it is made here. */
export class Board {
  readonly roster = new Roster();
  readonly speeds = new SpeedEstimates();
  readonly queue = new FairQueue({
    warmSlots: (job) => this.roster.warmSlots(job),
    loadMs: (model) => this.speeds.load(model)?.p50Ms ?? 0,
  });
  /** Hears of each lease as it is given. */
  onLease: (jobId: string) => void = () => undefined;
  /** Hears of each job that ended well. */
  onDone: (jobId: string) => void = () => undefined;
  private readonly entries = new Map<string, Entry>();
  private readonly running = new Set<Entry>();
  /** Jobs that ended lately, and those that did so before them. */
  private ended = new Set<string>();
  private endedBefore = new Set<string>();

  get(jobId: string): Entry | undefined {
    return this.entries.get(jobId);
  }

  all(): IterableIterator<Entry> {
    return this.entries.values();
  }

  leased(): Entry[] {
    return [...this.running];
  }

  hasEnded(jobId: string): boolean {
    return this.ended.has(jobId) || this.endedBefore.has(jobId);
  }

  /** A job that was just queued. */
  enqueue(entry: Entry): void {
    this.enter(entry);
    this.queue.add(entry.job);
  }

  /** A job that is known but not to be leased yet: it was leased at once, or it waits for its time. */
  enter(entry: Entry): void {
    if (this.entries.has(entry.job.jobId)) throw new Error(`job ${entry.job.jobId} is there twice`);
    this.entries.set(entry.job.jobId, entry);
  }

  /** A job with a lease, as an earlier reign left it; the lease gets a whole life again. */
  resume(entry: Entry, grant: Grant, leaseMs: number): void {
    this.enter(entry);
    this.queue.resume(entry.job);
    this.roster.occupy(grant.incarnation, entry.job.jobId);
    this.lease(entry, grant, leaseMs, true);
  }

  /** The job has a lease from now on, for `leaseMs`. */
  lease(entry: Entry, grant: Grant, leaseMs: number, resumed = false): Lease {
    const sinceMs = performance.now();
    const lease: Lease = {
      ...{ attempt: grant.attempt, workerId: grant.workerId, incarnation: grant.incarnation },
      ...{ sinceMs, untilMs: sinceMs + leaseMs, confirmed: false, resumed, unnamed: 0 },
      decidedMs: grant.decidedMs ?? sinceMs,
    };
    entry.attempt = grant.attempt;
    entry.lease = lease;
    this.running.add(entry);
    this.onLease(entry.job.jobId);
    return lease;
  }

  /** The lease is over, but not the job. Its account pays `gpuMs`. */
  release(entry: Entry, gpuMs: number): void {
    this.drop(entry);
    this.queue.settle(entry.job.jobId, gpuMs);
  }

  /** The job waits again, at its old place. */
  requeue(entry: Entry): void {
    entry.queuedAtMs = Date.now();
    this.queue.add(entry.job);
  }

  /** The job has no pool any more; it must not be leased. @returns whether it waits in the queue */
  leavePool(entry: Entry): boolean {
    const waits = this.queue.remove(entry.job.jobId);
    entry.job = { ...entry.job, pool: undefined };
    if (waits) this.queue.add(entry.job);
    return waits;
  }

  /** The job is done with, wherever it stood. */
  end(jobId: string, gpuMs: number): void {
    const entry = this.entries.get(jobId);
    if (entry !== undefined) this.drop(entry);
    this.entries.delete(jobId);
    if (!this.queue.remove(jobId)) this.queue.settle(jobId, gpuMs);
    this.ended.add(jobId);
    if (this.ended.size < ENDED_KEPT) return;
    this.endedBefore = this.ended;
    this.ended = new Set();
  }

  private drop(entry: Entry): void {
    delete entry.lease;
    this.running.delete(entry);
  }
}

/** What the account's plan says, in the words of the schedule. */
export const shareOf = ({ share }: Pick<JobSpec, 'share'>) => ({
  weight: share?.weight,
  runningMax: share?.runningMax ?? undefined,
});

/** What of a job's spec the schedule goes by, beside its model, pool and lane. */
export const wishesOf = (spec: Pick<JobSpec, 'share' | 'test' | 'vramBytes'>) => ({
  ...shareOf(spec),
  vramBytes: spec.vramBytes,
  ...(spec.test && { sharedOnly: true }),
});

/** @throws never; a row is what the dispatcher itself wrote */
export function entryOf(
  open: Omit<OpenAssignment, 'workerId' | 'incarnation' | 'dueAt' | 'attemptsMax'>,
): Entry {
  const { jobId, accountId, spec, predictedGpuMs, attempt, failedOn, cause, traceparent } = open;
  const { model, lane, pool } = spec;
  const { queuedAtMs, deadlineAtMs } = open;
  const sequence = Number(open.sequence);
  return {
    job: {
      ...{ jobId, accountId, model, lane, pool, predictedGpuMs, sequence, queuedAtMs },
      ...wishesOf(spec),
    },
    spec,
    attempt,
    failedOn,
    cause,
    queuedAtMs,
    deadlineAtMs,
    traceparent: traceparent ?? undefined,
  };
}

/** The context of what the dispatcher does about a job by itself: part of the attempt, if one runs. */
export const contextOf = (entry: Entry): MessageContext => ({
  correlationId: entry.job.jobId,
  causationId: entry.cause,
  traceparent: entry.lease?.traceparent,
});
