import type { Lane } from '@safelight/contracts';
import { FairLane, type TakenJob, type WaitingJob } from './fair-lane.js';

export type { WaitingJob } from './fair-lane.js';

/** A job of the queue, with the lane it goes in. */
export interface QueuedJob extends WaitingJob {
  readonly lane: Lane;
}

/** A job that does not wait: one that runs, or is about to. */
export type RunningJob = TakenJob & Pick<QueuedJob, 'lane'>;

export interface Backlog {
  readonly jobs: number;
  readonly gpuMs: number;
}

const EVERYBODY_EQUAL = (): number => 1;

/**
 * The order of service, a pure function of what was added, taken and settled: no clock, no input or
 * output. Lanes are strict; inside a lane accounts share fairly by GPU time; a job goes only to a
 * worker that offers its model. Each decision costs O(models of the worker + log n).
 *
 * What a worker has loaded, load times and a bound on waiting will join the choice in `take`: it is
 * the one place where a worker and the order meet.
 */
export class FairQueue {
  private readonly lanes: Readonly<Record<Lane, FairLane>>;
  private readonly waiting = new Map<string, QueuedJob>();
  private readonly taken = new Map<string, RunningJob>();

  constructor(weightOf: (accountId: string) => number = EVERYBODY_EQUAL) {
    const lane = () => new FairLane(weightOf);
    this.lanes = { interactive: lane(), standard: lane(), batch: lane() };
  }

  get size(): number {
    return this.waiting.size;
  }

  /** A job that comes, or that comes back; its `sequence` tells its place within the account. */
  add(job: QueuedJob): void {
    if (this.waiting.has(job.jobId) || this.taken.has(job.jobId)) {
      throw new Error(`job ${job.jobId} is in the queue already`);
    }
    this.waiting.set(job.jobId, job);
    this.lanes[job.lane].add(job);
  }

  /** The next job for a worker that offers these models, charged to its account. */
  take(models: Iterable<string>): QueuedJob | undefined {
    for (const lane of inOrder(this.lanes)) {
      const soonest = lane.peek(models);
      if (soonest === undefined) continue;
      const jobId = lane.take(soonest.model)?.jobId ?? '';
      const job = this.waiting.get(jobId);
      if (job === undefined) throw new Error(`job ${jobId} does not wait`);
      this.waiting.delete(jobId);
      this.taken.set(jobId, job);
      return job;
    }
    return undefined;
  }

  /** Whether a worker that offers these models would find a job. */
  isWaitedFor(models: Iterable<string>): boolean {
    return inOrder(this.lanes).some((lane) => lane.peek(models) !== undefined);
  }

  /** Takes a job that never waited, because a slot was free: as if it were added and taken at once. */
  serve(job: RunningJob): void {
    this.taken.set(job.jobId, job);
    this.lanes[job.lane].serve(job);
  }

  /** Registers a job that runs already, when the queue is rebuilt. */
  resume(job: RunningJob): void {
    this.taken.set(job.jobId, job);
    this.lanes[job.lane].resume(job);
  }

  /** What a taken job really cost; 0 when the account is not to pay for it. */
  settle(jobId: string, gpuMs: number): void {
    const job = this.taken.get(jobId);
    if (job === undefined) return;
    this.taken.delete(jobId);
    this.lanes[job.lane].settle(job, gpuMs);
  }

  /** Takes a waiting job out. @returns whether it waited */
  remove(jobId: string): boolean {
    const job = this.waiting.get(jobId);
    if (job === undefined) return false;
    this.waiting.delete(jobId);
    this.lanes[job.lane].remove(job);
    return true;
  }

  /** What would be served before a job that the account added now, among jobs for these models. */
  workAhead(job: { accountId: string; lane: Lane }, models: ReadonlySet<string>): Backlog {
    const ahead = { jobs: 0, gpuMs: 0 };
    for (const [name, lane] of Object.entries(this.lanes)) {
      const own = name === job.lane;
      const part = own ? lane.workAhead(job.accountId, models) : lane.backlog(models);
      ahead.jobs += part.jobs;
      ahead.gpuMs += part.gpuMs;
      if (own) break;
    }
    return ahead;
  }

  /** All that waits. */
  backlog(): Backlog {
    return inOrder(this.lanes)
      .map((lane) => lane.backlog())
      .reduce((a, b) => ({ jobs: a.jobs + b.jobs, gpuMs: a.gpuMs + b.gpuMs }));
  }
}

/** The most urgent first. */
const inOrder = (lanes: Readonly<Record<Lane, FairLane>>): FairLane[] => [
  lanes.interactive,
  lanes.standard,
  lanes.batch,
];
