import { IndexedHeap } from './indexed-heap.js';
import { weightOf, type QueuedJob, type RunningJob } from './queued-job.js';
import { kindOf, keyOf, type Candidate, type Kind, type Turn } from './kind.js';
import type { Account } from './account.js';
import { Shelf } from './shelf.js';

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
  /** What is waited for: how a worker finds the soonest job that fits it. */
  private readonly kinds = new Map<string, Kind>();
  /** Accounts that neither wait nor run, but are ahead of the lane's time. */
  private readonly ahead = new IndexedHeap<string, number>((a, b) => a < b);
  /** Accounts that run as many jobs as they may: they wait outside the order. */
  private readonly parked = new Set<string>();
  private waitingAccounts = 0;

  get time(): number {
    return this.now;
  }

  /** Accounts that wait. */
  get crowd(): number {
    return this.waitingAccounts;
  }

  /** Whether the account waits, runs, or is ahead; another one stands where every new one does. */
  knows(accountId: string): boolean {
    return this.accounts.has(accountId);
  }

  waiting(): IterableIterator<Kind> {
    return this.kinds.values();
  }

  add(job: QueuedJob): void {
    this.shelve(job, this.enter(job));
  }

  /** The account's soonest job of a kind. */
  candidate(kind: Kind, { key: accountId, rank: turn }: { key: string; rank: Turn }): Candidate {
    const job = this.account(accountId).shelves.get(kind)?.head;
    if (job === undefined) throw new Error(`account ${accountId} has a turn but no job`);
    return { kind, job, turn };
  }

  /** Takes a job that waits and charges its account. */
  take(job: QueuedJob): void {
    const account = this.account(job.accountId);
    this.now = Math.max(this.now, account.time);
    this.unshelve(job, account);
    this.run(job, account);
    this.forgetThoseBehind();
  }

  /** Takes a job that need not wait, as if it were added and taken at once. */
  serve(job: RunningJob): void {
    const account = this.enter(job);
    this.now = Math.max(this.now, account.time);
    this.run(job, account);
    this.forgetThoseBehind();
  }

  /** Charges a job that runs already, when the queue is rebuilt. */
  resume(job: RunningJob): void {
    this.run(job, this.account(job.accountId));
  }

  /** Puts the truth in the place of what was charged for a job that was taken. */
  settle(job: RunningJob, gpuMs: number): void {
    const account = this.account(job.accountId);
    account.running -= 1;
    account.time += (gpuMs - job.predictedGpuMs) / weightOf(job);
    this.rank(job.accountId, account);
  }

  /** Takes a waiting job out, uncharged. */
  remove(job: QueuedJob): void {
    this.setAside(job);
    this.forgetIfGone(job.accountId, this.account(job.accountId));
  }

  /** Takes a waiting job out until it is put back, before anything else is done. */
  setAside(job: QueuedJob): void {
    const account = this.account(job.accountId);
    const kind = this.unshelve(job, account);
    const shelf = account.shelves.get(kind);
    if (shelf !== undefined) this.place(job.accountId, account, kind, shelf);
  }

  putBack(job: QueuedJob): void {
    this.shelve(job, this.account(job.accountId));
  }

  /** Takes the account out of the order, or lets it in again. */
  park(accountId: string, parked: boolean): void {
    if (this.parked.has(accountId) === parked) return;
    const account = this.accounts.get(accountId);
    for (const [kind, { size, gpuMs }] of account?.shelves ?? []) {
      kind.turns.delete(accountId);
      if (parked) this.count(accountId, kind, { jobs: -size, gpuMs: -gpuMs });
    }
    if (parked) {
      this.parked.add(accountId);
      return;
    }
    this.parked.delete(accountId);
    for (const [kind, { size: jobs, gpuMs }] of account?.shelves ?? []) {
      this.count(accountId, kind, { jobs, gpuMs });
    }
    if (account !== undefined) this.rank(accountId, account);
  }

  /** How far on an account is, or would be if it came now; with its weight and what it waits for. */
  *standings(): Generator<{
    readonly accountId: string;
    readonly time: number;
    readonly weight: number;
    readonly shelves: ReadonlyMap<Kind, Shelf>;
  }> {
    for (const [accountId, { time, weight, shelves }] of this.accounts) {
      yield { accountId, time, weight, shelves };
    }
  }

  clone(): FairLane {
    const copy = new FairLane();
    copy.now = this.now;
    copy.waitingAccounts = this.waitingAccounts;
    for (const accountId of this.parked) copy.parked.add(accountId);
    const kinds = new Map<Kind, Kind>();
    for (const [key, kind] of this.kinds) {
      const twin = { ...kind, turns: kind.turns.clone() };
      kinds.set(kind, twin);
      copy.kinds.set(key, twin);
    }
    for (const [accountId, account] of this.accounts) {
      const shelves = new Map<Kind, Shelf>();
      for (const [kind, shelf] of account.shelves) {
        shelves.set(kinds.get(kind) ?? kind, shelf.clone());
      }
      copy.accounts.set(accountId, { ...account, shelves });
      if (this.ahead.has(accountId)) copy.ahead.set(accountId, account.time);
    }
    return copy;
  }

  private kind(job: QueuedJob): Kind {
    const key = keyOf(job);
    const known = this.kinds.get(key) ?? kindOf(job);
    this.kinds.set(key, known);
    return known;
  }

  private account(accountId: string): Account {
    const known = this.accounts.get(accountId);
    if (known !== undefined) return known;
    const none = { weight: 1, running: 0, waiting: 0 };
    const account = { time: this.now, ...none, shelves: new Map<Kind, Shelf>() };
    this.accounts.set(accountId, account);
    return account;
  }

  /** The account comes with a job: one that was idle is not paid for its absence. */
  private enter(job: RunningJob): Account {
    const account = this.account(job.accountId);
    if (account.waiting === 0) account.time = Math.max(account.time, this.now);
    account.weight = weightOf(job);
    this.ahead.delete(job.accountId);
    return account;
  }

  /** Counts what waits in the order; what a parked account has is not waited for by workers. */
  private count(accountId: string, kind: Kind, more: { jobs: number; gpuMs: number }): void {
    if (this.parked.has(accountId)) return;
    kind.jobs += more.jobs;
    kind.gpuMs += more.gpuMs;
  }

  private shelve(job: QueuedJob, account: Account): void {
    const kind = this.kind(job);
    let shelf = account.shelves.get(kind);
    if (shelf === undefined) {
      shelf = new Shelf();
      account.shelves.set(kind, shelf);
      kind.shelves += 1;
    }
    shelf.add(job);
    this.count(job.accountId, kind, { jobs: 1, gpuMs: job.predictedGpuMs });
    if (account.waiting === 0) this.waitingAccounts += 1;
    account.waiting += 1;
    // Only this kind's head may be another one: the account is where it was.
    this.place(job.accountId, account, kind, shelf);
  }

  private unshelve(job: QueuedJob, account: Account): Kind {
    const kind = this.kind(job);
    const shelf = account.shelves.get(kind);
    if (shelf?.delete(job) !== true) throw new Error(`job ${job.jobId} does not wait`);
    this.count(job.accountId, kind, { jobs: -1, gpuMs: -job.predictedGpuMs });
    account.waiting -= 1;
    if (account.waiting === 0) this.waitingAccounts -= 1;
    if (shelf.size > 0) return kind;
    account.shelves.delete(kind);
    kind.turns.delete(job.accountId);
    kind.shelves -= 1;
    if (kind.shelves === 0) this.kinds.delete(keyOf(job));
    return kind;
  }

  private run(job: RunningJob, account: Account): void {
    account.running += 1;
    account.time += job.predictedGpuMs / weightOf(job);
    this.rank(job.accountId, account);
  }

  /** Brings the account's place in every order up to date, after its time has changed. */
  private rank(accountId: string, account: Account): void {
    for (const [kind, shelf] of account.shelves) this.place(accountId, account, kind, shelf);
    this.forgetIfGone(accountId, account);
  }

  private place(accountId: string, { time }: Account, { turns }: Kind, { head }: Shelf): void {
    if (head === undefined || this.parked.has(accountId)) return;
    turns.set(accountId, { time, sequence: head.sequence });
  }

  private forgetIfGone(accountId: string, account: Account): void {
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
