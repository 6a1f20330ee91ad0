import { IndexedHeap } from './indexed-heap.js';

/** A job as the schedule sees it. */
export interface WaitingJob {
  readonly jobId: string;
  readonly accountId: string;
  readonly model: string;
  /** What it will probably cost, in GPU milliseconds; at least 1. */
  readonly predictedGpuMs: number;
  /** Rises in the order of queueing; a job that comes back keeps its place. */
  readonly sequence: number;
}

/** A job that is taken: its place does not matter any more. */
export type TakenJob = Omit<WaitingJob, 'sequence'>;

interface Shelf {
  readonly jobs: IndexedHeap<string, WaitingJob>;
  gpuMs: number;
}

interface Account {
  /** Virtual time: GPU milliseconds charged so far, divided by the account's weight. */
  time: number;
  running: number;
  waiting: number;
  readonly shelves: Map<string, Shelf>;
}

/** An account's place among those that wait for one model. */
interface Turn {
  readonly time: number;
  readonly sequence: number;
}

const isSooner = (a: Turn, b: Turn): boolean =>
  a.time < b.time || (a.time === b.time && a.sequence < b.sequence);

/**
 * One lane of the queue: start-time fair queueing (Goyal, Vin and Cheng 1996) between accounts, first
 * come first served within one. A job's predicted GPU time is charged when it is taken (the entry
 * penalty of virtual token counters, arXiv 2401.00588) and corrected once the truth is known. An
 * account that comes back does not get paid for its absence: its time is lifted to the lane's.
 */
export class FairLane {
  /** The time of the account that was served last, never falling. */
  private now = 0;
  private readonly accounts = new Map<string, Account>();
  /** Accounts that wait, by model: how a worker finds the soonest job that fits it. */
  private readonly turns = new Map<string, IndexedHeap<string, Turn>>();
  /** Accounts that neither wait nor run, but are ahead of the lane's time. */
  private readonly ahead = new IndexedHeap<string, number>((a, b) => a < b);

  constructor(private readonly weightOf: (accountId: string) => number) {}

  add(job: WaitingJob): void {
    const account = this.enter(job.accountId);
    const shelf = account.shelves.get(job.model) ?? newShelf();
    account.shelves.set(job.model, shelf);
    shelf.jobs.set(job.jobId, job);
    shelf.gpuMs += job.predictedGpuMs;
    account.waiting += 1;
    this.rank(job.accountId, account);
  }

  /** The soonest turn among these models, with the model that it is for. */
  peek(models: Iterable<string>): { model: string; turn: Turn } | undefined {
    let best: { model: string; turn: Turn } | undefined;
    for (const model of models) {
      const turn = this.turns.get(model)?.peek()?.rank;
      if (turn !== undefined && (best === undefined || isSooner(turn, best.turn))) {
        best = { model, turn };
      }
    }
    return best;
  }

  /** Takes the soonest job of the model and charges its account. */
  take(model: string): WaitingJob | undefined {
    const accountId = this.turns.get(model)?.peek()?.key;
    if (accountId === undefined) return undefined;
    const account = this.account(accountId);
    const job = account.shelves.get(model)?.jobs.peek()?.rank;
    if (job === undefined) throw new Error(`account ${accountId} has a turn but no job`);
    this.now = Math.max(this.now, account.time);
    this.unshelve(job, account);
    this.run(job, account);
    this.forgetThoseBehind();
    return job;
  }

  /** Takes a job that need not wait, as if it were added and taken at once. */
  serve(job: TakenJob): void {
    const account = this.enter(job.accountId);
    this.now = Math.max(this.now, account.time);
    this.run(job, account);
    this.forgetThoseBehind();
  }

  /** Charges a job that runs already, when the queue is rebuilt. */
  resume(job: TakenJob): void {
    this.run(job, this.account(job.accountId));
  }

  /** Puts the truth in the place of what was charged for a job that was taken. */
  settle(job: TakenJob, gpuMs: number): void {
    const account = this.account(job.accountId);
    account.running -= 1;
    account.time += (gpuMs - job.predictedGpuMs) / this.weightOf(job.accountId);
    this.rank(job.accountId, account);
  }

  /** Takes a waiting job out, uncharged. */
  remove(job: WaitingJob): void {
    const account = this.account(job.accountId);
    this.unshelve(job, account);
    this.rank(job.accountId, account);
  }

  /** How much stands before a job that `accountId` would add now; other accounts by their average job. */
  workAhead(accountId: string, models: ReadonlySet<string>): { jobs: number; gpuMs: number } {
    const own = sumOf(this.accounts.get(accountId), models);
    const time = Math.max(this.accounts.get(accountId)?.time ?? 0, this.now);
    const start = time + own.gpuMs / this.weightOf(accountId);
    const ahead = { ...own };
    for (const [otherId, other] of this.accounts) {
      if (otherId === accountId || other.waiting === 0) continue;
      const { jobs, gpuMs } = sumOf(other, models);
      const lead = (start - other.time) * this.weightOf(otherId);
      if (jobs === 0 || lead < 0) continue;
      // At equal times the job that was queued first, so the other one, goes first.
      const before = Math.min(jobs, Math.floor((lead * jobs) / gpuMs) + 1);
      ahead.jobs += before;
      ahead.gpuMs += (gpuMs * before) / jobs;
    }
    return ahead;
  }

  /** Everything that waits for these models. */
  backlog(models?: ReadonlySet<string>): { jobs: number; gpuMs: number } {
    const total = { jobs: 0, gpuMs: 0 };
    for (const account of this.accounts.values()) {
      const { jobs, gpuMs } = sumOf(account, models);
      total.jobs += jobs;
      total.gpuMs += gpuMs;
    }
    return total;
  }

  private account(accountId: string): Account {
    const known = this.accounts.get(accountId);
    if (known !== undefined) return known;
    const account = { time: this.now, running: 0, waiting: 0, shelves: new Map<string, Shelf>() };
    this.accounts.set(accountId, account);
    return account;
  }

  /** The account comes with a job: one that was idle is not paid for its absence. */
  private enter(accountId: string): Account {
    const account = this.account(accountId);
    if (account.waiting === 0) account.time = Math.max(account.time, this.now);
    this.ahead.delete(accountId);
    return account;
  }

  private unshelve(job: WaitingJob, account: Account): void {
    const shelf = account.shelves.get(job.model);
    if (shelf?.jobs.delete(job.jobId) !== true) throw new Error(`job ${job.jobId} does not wait`);
    shelf.gpuMs -= job.predictedGpuMs;
    account.waiting -= 1;
    if (shelf.jobs.size > 0) return;
    account.shelves.delete(job.model);
    const turns = this.turns.get(job.model);
    turns?.delete(job.accountId);
    if (turns?.size === 0) this.turns.delete(job.model);
  }

  private run(job: TakenJob, account: Account): void {
    account.running += 1;
    account.time += job.predictedGpuMs / this.weightOf(job.accountId);
    this.rank(job.accountId, account);
  }

  /** Brings the account's place in every order up to date. */
  private rank(accountId: string, account: Account): void {
    for (const [model, { jobs }] of account.shelves) {
      const head = jobs.peek();
      if (head === undefined) continue;
      const turns = this.turns.get(model) ?? new IndexedHeap<string, Turn>(isSooner);
      this.turns.set(model, turns);
      turns.set(accountId, { time: account.time, sequence: head.rank.sequence });
    }
    if (account.waiting > 0 || account.running > 0) return;
    if (account.time > this.now) this.ahead.set(accountId, account.time);
    else this.accounts.delete(accountId);
  }

  /** An idle account that the lane's time has caught up with is as good as a new one. */
  private forgetThoseBehind(): void {
    for (let top = this.ahead.peek(); top && top.rank <= this.now; top = this.ahead.peek()) {
      this.ahead.delete(top.key);
      this.accounts.delete(top.key);
    }
  }
}

const newShelf = (): Shelf => ({
  jobs: new IndexedHeap<string, WaitingJob>((a, b) => a.sequence < b.sequence),
  gpuMs: 0,
});

function sumOf(account: Account | undefined, models?: ReadonlySet<string>) {
  const sum = { jobs: 0, gpuMs: 0 };
  for (const [model, shelf] of account?.shelves ?? []) {
    if (models?.has(model) === false) continue;
    sum.jobs += shelf.jobs.size;
    sum.gpuMs += shelf.gpuMs;
  }
  return sum;
}
