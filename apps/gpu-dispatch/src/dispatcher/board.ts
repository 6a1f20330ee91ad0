import type { JobSpec } from '@safelight/contracts';
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
  untilMs: number;
  /** The worker is known to have it: it accepted, or named it in a heartbeat. */
  confirmed: boolean;
  /** Taken over from an earlier reign: nothing about it can be on its way from us. */
  readonly resumed: boolean;
}

/** A job that is queued, being leased, or leased. */
export interface Entry {
  readonly job: QueuedJob;
  readonly spec: JobSpec;
  readonly deadlineAt: string;
  /** Id of the event that queued the job, and the span in which that happened. */
  readonly cause: string;
  readonly traceparent: string | undefined;
  /** Wall clock, epoch ms; when it last began to wait. */
  queuedAtMs: number;
  attempt: number;
  lease?: Lease;
}

/** How many ended jobs are remembered, to answer what comes after without asking the database. */
const ENDED_KEPT = 20_000;

/** What the dispatcher knows, in memory. Every change is committed before it is made here. */
export class Board {
  readonly queue = new FairQueue();
  readonly roster = new Roster();
  readonly speeds = new SpeedEstimates();
  private readonly entries = new Map<string, Entry>();
  private readonly ended = new Set<string>();

  get(jobId: string): Entry | undefined {
    return this.entries.get(jobId);
  }

  all(): IterableIterator<Entry> {
    return this.entries.values();
  }

  leased(): Entry[] {
    return [...this.entries.values()].filter(({ lease }) => lease !== undefined);
  }

  hasEnded(jobId: string): boolean {
    return this.ended.has(jobId);
  }

  /** A job that was just queued. */
  enqueue(entry: Entry): void {
    if (this.entries.has(entry.job.jobId)) return;
    this.entries.set(entry.job.jobId, entry);
    this.queue.add(entry.job);
  }

  /** A job as an earlier reign left it; a lease gets a whole life again. */
  resume(open: OpenAssignment, nowMs: number, leaseMs: number): void {
    const entry = entryOf(open);
    if (open.incarnation === null || open.workerId === null) {
      this.enqueue(entry);
      return;
    }
    const { attempt, workerId, incarnation } = open;
    const untilMs = nowMs + leaseMs;
    const since = { sinceMs: nowMs, untilMs, confirmed: false, resumed: true };
    entry.lease = { attempt, workerId, incarnation, ...since };
    this.entries.set(open.jobId, entry);
    this.queue.resume(entry.job);
    this.roster.occupy(incarnation, open.jobId);
  }

  /** The lease is over and the job waits again, at its old place. Its account pays `gpuMs`. */
  requeue(entry: Entry, gpuMs: number): void {
    delete entry.lease;
    entry.queuedAtMs = Date.now();
    this.queue.settle(entry.job.jobId, gpuMs);
    this.queue.add(entry.job);
  }

  /** The job is done with, wherever it stood. */
  end(jobId: string, gpuMs: number): void {
    this.entries.delete(jobId);
    if (!this.queue.remove(jobId)) this.queue.settle(jobId, gpuMs);
    this.ended.add(jobId);
    if (this.ended.size <= ENDED_KEPT) return;
    const oldest = this.ended.values().next();
    if (!oldest.done) this.ended.delete(oldest.value);
  }
}

/** @throws never; a row is what the dispatcher itself wrote */
export function entryOf(open: OpenAssignment): Entry {
  const { jobId, accountId, spec, predictedGpuMs, attempt, cause, traceparent } = open;
  const sequence = Number(open.sequence);
  const { model, lane } = spec;
  return {
    job: { jobId, accountId, model, lane, predictedGpuMs, sequence },
    ...{ spec, attempt, cause },
    traceparent: traceparent ?? undefined,
    deadlineAt: open.deadlineAt.toISOString(),
    queuedAtMs: open.queuedAt.getTime(),
  };
}
