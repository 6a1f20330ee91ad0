import type { Lane } from '@safelight/contracts';
import { LANES, LaneShares, RunningCaps, SwitchBudget } from './budgets.js';
import { canWait, survey } from './choice.js';
import type { Decision, PoolRule, Taken } from './decision.js';
import { FairLane } from './fair-lane.js';
import { fits } from './kind.js';
import { bestOffer, explain, type Offer } from './offer.js';
import { poolOf, SHARED_POOL } from './queued-job.js';
import type { FleetView, QueuedJob, RunningJob, WorkerView } from './queued-job.js';
import { DEFAULT_RULES, type ScheduleRules } from './rules.js';
import { backlogOf, workAhead, type Backlog } from './work-ahead.js';

export type { QueuedJob, RunningJob, WorkerView } from './queued-job.js';

const NO_FLEET: FleetView = { warmSlots: () => 0, loadMs: () => 0 };

type Shuns = (job: QueuedJob) => boolean;
const NOBODY: Shuns = () => false;

type Lanes = Readonly<Record<Lane, FairLane>>;

/**
 * The order of service, a pure function of what was added, taken and settled: no clock, no input or
 * output. Lanes are strict but for the least that each is promised; inside a lane accounts share
 * fairly by GPU time, and give way to models that are loaded as far as the rules let them; a job goes
 * only to a worker that fits it. Each decision costs O(kinds of jobs that wait + log n).
 */
export class FairQueue {
  private lanes: Lanes = {
    interactive: new FairLane(),
    standard: new FairLane(),
    batch: new FairLane(),
  };
  private waiting = new Map<string, QueuedJob>();
  private taken = new Map<string, RunningJob>();
  private caps = new RunningCaps();
  private budget: SwitchBudget;
  private shares: LaneShares;
  /** Pools that accounts have named: reserved for them. */
  private reserved = new Set<string>();

  constructor(
    private readonly fleet: FleetView = NO_FLEET,
    private readonly rules: ScheduleRules = DEFAULT_RULES,
  ) {
    this.budget = new SwitchBudget(rules.forcedShare, rules.forcedAtOnce);
    this.shares = new LaneShares(rules.minimumShares);
  }

  get size(): number {
    return this.waiting.size;
  }

  /** Whether the job waits. */
  has(jobId: string): boolean {
    return this.waiting.has(jobId);
  }

  /** Whether the account has a standing of its own in the lane: accounts without one are all alike. */
  knows({ accountId, lane }: Pick<QueuedJob, 'accountId' | 'lane'>): boolean {
    return this.lanes[lane].knows(accountId);
  }

  /** A job that comes, or that comes back; its `sequence` tells its place within the account. */
  add(job: QueuedJob): void {
    if (this.waiting.has(job.jobId) || this.taken.has(job.jobId)) {
      throw new Error(`job ${job.jobId} is in the queue already`);
    }
    this.waiting.set(job.jobId, job);
    this.note(job);
    this.lanes[job.lane].add(job);
    this.sync(job.accountId);
  }

  /**
   * The next job for a worker with a free slot, charged to its account, and why it is that one.
   *
   * @param nowMs wall clock, epoch ms
   * @param shuns jobs that shall not go to this worker: they cost nobody anything
   * @returns `undefined` when nothing fits, or all that fits does better to wait for a loaded model
   */
  take(worker: WorkerView, nowMs: number, shuns: Shuns = NOBODY): Taken | undefined {
    const pool = poolOf(worker);
    const own = this.grant(worker, pool, { nowMs, shuns });
    if (own !== undefined || pool === SHARED_POOL) return own;
    return this.grant(worker, SHARED_POOL, { nowMs, shuns });
  }

  /** As `take`, without the reason, which costs as much as the choice: for runs that foresee. */
  takeUnexplained(worker: WorkerView, nowMs: number): QueuedJob | undefined {
    const pool = poolOf(worker);
    const own = this.offerFor(worker, pool, nowMs);
    const offer =
      own ?? (pool === SHARED_POOL ? undefined : this.offerFor(worker, SHARED_POOL, nowMs));
    return offer && this.give(offer);
  }

  /** Whether a worker would find a job that fits it. */
  isWaitedFor(worker: WorkerView): boolean {
    const pools = new Set([poolOf(worker), SHARED_POOL]);
    return LANES.some((lane) =>
      [...pools].some((pool) => survey(this.lanes[lane], worker, pool) !== undefined),
    );
  }

  /** Whether a job may go to this worker at once: nobody else could use the slot, or soon another one. */
  needNotWait(job: RunningJob, worker: WorkerView): boolean {
    if (this.caps.running(job.accountId) >= (job.runningMax ?? Infinity)) return false;
    if (!fits(job, worker)) return false;
    if (this.isWaitedFor(worker)) return false;
    return worker.warm.has(job.model) || !canWait(job, job.predictedGpuMs, this.fleet, this.rules);
  }

  /** Takes a job that never waited, because a slot was free: as if it were added and taken at once. */
  serve(job: RunningJob, worker: WorkerView): Decision {
    this.note(job);
    const lane = this.lanes[job.lane];
    lane.serve(job);
    this.runs(job);
    const pool = this.poolRule(job, worker);
    return {
      ...{ rule: 'served at once', lane: job.lane, waitedMs: 0, warm: worker.warm.has(job.model) },
      ...(pool && { pool }),
      standing: { aheadMs: 0, position: 0, accounts: lane.crowd },
      runnerUp: null,
    };
  }

  /** Registers a job that runs already, when the queue is rebuilt. */
  resume(job: RunningJob): void {
    this.note(job);
    this.lanes[job.lane].resume(job);
    this.runs(job);
  }

  /** What a taken job really cost; 0 when the account is not to pay for it. */
  settle(jobId: string, gpuMs: number): void {
    const job = this.taken.get(jobId);
    if (job === undefined) return;
    this.taken.delete(jobId);
    this.lanes[job.lane].settle(job, gpuMs);
    this.caps.stopped(job.accountId);
    this.caps.went(job.accountId);
    this.sync(job.accountId);
  }

  /** Takes a waiting job out. @returns whether it waited */
  remove(jobId: string): boolean {
    const job = this.waiting.get(jobId);
    if (job === undefined) return false;
    this.waiting.delete(jobId);
    this.lanes[job.lane].remove(job);
    this.caps.went(job.accountId);
    return true;
  }

  /** What would be served before a job that the account added now, among jobs for these models. */
  workAhead(job: { accountId: string; lane: Lane }, models: ReadonlySet<string>): Backlog {
    return workAhead(this.lanes, job, models);
  }

  /** All that waits. */
  backlog(): Backlog {
    return backlogOf(LANES.map((lane) => this.lanes[lane]));
  }

  /**
   * A copy that can be run forward without changing this one. O(jobs that wait), by copying
   * references: about 1 ms for 10,000.
   */
  clone(fleet: FleetView = this.fleet): FairQueue {
    const copy = new FairQueue(fleet, this.rules);
    const { interactive, standard, batch } = this.lanes;
    copy.lanes = {
      ...{ interactive: interactive.clone(), standard: standard.clone(), batch: batch.clone() },
    };
    copy.waiting = new Map(this.waiting);
    copy.taken = new Map(this.taken);
    copy.reserved = new Set(this.reserved);
    copy.caps = this.caps.clone();
    copy.budget = this.budget.clone();
    copy.shares = this.shares.clone();
    return copy;
  }

  private grant(
    worker: WorkerView,
    pool: string,
    { nowMs, shuns }: { nowMs: number; shuns: Shuns },
  ): Taken | undefined {
    const { lanes } = this;
    const aside: QueuedJob[] = [];
    let offer = this.offerFor(worker, pool, nowMs);
    while (offer !== undefined && shuns(offer.choice.chosen.job)) {
      const { job } = offer.choice.chosen;
      lanes[job.lane].setAside(job);
      aside.push(job);
      offer = this.offerFor(worker, pool, nowMs);
    }
    const decision =
      offer && explain(offer, worker, nowMs, this.poolRule(offer.choice.chosen.job, worker));
    for (const job of aside) lanes[job.lane].putBack(job);
    return offer && decision && { job: this.give(offer), decision };
  }

  private offerFor(worker: WorkerView, pool: string, nowMs: number): Offer | undefined {
    const { lanes, shares, budget, fleet, rules } = this;
    return bestOffer({ lanes, shares, budget }, worker, pool, { fleet, rules, nowMs });
  }

  private give({ lane, choice, present }: Offer): QueuedJob {
    const { job } = choice.chosen;
    this.budget.earn();
    if (choice.rule === 'switch: starved') this.budget.spend();
    this.shares.gave(lane, job.predictedGpuMs, present);
    this.waiting.delete(job.jobId);
    this.lanes[lane].take(job);
    this.runs(job);
    return job;
  }

  private poolRule(job: RunningJob, worker: WorkerView): PoolRule | undefined {
    const pool = poolOf(worker);
    if (!this.reserved.has(pool) && worker.dedicated !== true) return undefined;
    if (poolOf(job) !== pool) return 'lent';
    return worker.lent === true ? 'reclaimed' : 'own';
  }

  private note(job: RunningJob): void {
    if (job.pool !== undefined && job.pool !== SHARED_POOL) this.reserved.add(job.pool);
    this.caps.came(job);
  }

  private runs(job: RunningJob): void {
    this.taken.set(job.jobId, job);
    this.caps.ran(job.accountId);
    this.sync(job.accountId);
  }

  /** Accounts that run as many jobs as they may stand outside the order. */
  private sync(accountId: string): void {
    const full = this.caps.isFull(accountId);
    for (const lane of LANES) this.lanes[lane].park(accountId, full);
  }
}
