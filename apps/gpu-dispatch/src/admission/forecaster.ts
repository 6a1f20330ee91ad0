import { Arrivals, LAST } from './arrivals.js';
import { Calibration, outcomeKind, Outcomes } from './calibration.js';
import { DecisionBudget } from './decision-budget.js';
import { DrawnWorlds } from './drawn-worlds.js';
import { FineForecasts } from './fine-forecasts.js';
import type { Random } from '../schedule/draws.js';
import type { QueuedJob } from '../schedule/fair-queue.js';
import {
  later,
  lifeOf,
  type ForecastFleet,
  type Kept,
  type Key,
  type Prospect,
  type Raw,
} from './prospect.js';
import { ableTo, DECISIONS_MAX, roughly, runUntil, type Able } from './rough.js';
import { ToldForecasts } from './told-forecasts.js';
import { Places } from './places.js';
import { ForwardRun, type ForwardWorker } from '../schedule/run-forward.js';

/** What was foreseen is foreseen anew after so many who came, where it may cost something. */
const CAME_MAX = 24;
const FORGOTTEN_MS = 10_000;
const KEPT_MAX = 200;
/** Copying this many waiting jobs costs about as much as one decision. */
const COPIES_PER_DECISION = 100;
/** Who asks may be in the queue by the same id: it was asked for it twice. */
const ASKED = 'asked';

/** What a test may decide. */
export interface Chances {
  /** As of `Places`. */
  readonly pause?: (() => Promise<unknown>) | undefined;
  readonly random?: Random;
}

/**
 * Says when jobs will be done by running the schedule forward, on what is known of runtimes, and on
 * the assumption that what came in the last minute comes again: in a fair order others come in before
 * an account that has much waiting, and who did not count on that told it too early an end. A run
 * serves all who stand alike for a second (an account with nothing under way stands like any other
 * such), with those who came since before them; and where all runs of a second would cost too much,
 * the work before a job is divided by the slots instead. How forecasts turned out corrects the next.
 */
export class Forecaster {
  private readonly kept = new Map<string, Kept>();
  private readonly budget = new DecisionBudget();
  private readonly cost = { runs: 0, decisions: 0, asked: 0 };
  private readonly arrivals = new Arrivals();
  private readonly calibration = new Calibration();
  private readonly outcomes = new Outcomes();
  private readonly told = new ToldForecasts(this.calibration, this.outcomes);
  private readonly places: Places;
  private readonly fine: FineForecasts;
  private ableBy = new Map<string, Able>();
  private ableOf: readonly ForwardWorker[] = [];

  /** @param onFailure hears of runs that failed, for which an estimate stands in */
  constructor(
    private readonly fleet: ForecastFleet,
    private readonly onFailure: (error: unknown) => void = (error) => {
      throw error;
    },
    { pause, random = Math.random }: Chances = {},
  ) {
    const seer = {
      begin: (nowMs: number) => new ForwardRun(fleet.queue, this.options(nowMs)),
      roughly: (job: QueuedJob, nowMs: number) =>
        roughly(fleet, { job, able: this.able(job, nowMs) }, [], nowMs),
      prospect: (raw: Raw, job: QueuedJob) => this.prospect(raw, job),
      onFailure: (error: unknown) => this.onFailure(error),
    };
    this.places = new Places(seer, pause);
    const worlds = new DrawnWorlds(fleet, this.arrivals, random);
    this.fine = new FineForecasts(fleet, worlds, (decisions) => this.count(decisions));
  }

  /** What forecasts have cost so far. */
  get spending(): Readonly<typeof this.cost> {
    return this.cost;
  }

  /**
   * @param job as it would be queued now; it need not be in the queue
   * @param expected jobs that are not in the queue but count as if they were
   * @param nowMs wall clock, epoch ms
   */
  foresee(job: QueuedJob, expected: readonly QueuedJob[], nowMs: number): Prospect {
    this.cost.asked += 1;
    const key = this.keyOf(job, expected.length > 0);
    const name = JSON.stringify(key);
    const kept = this.kept.get(name);
    // Where nothing more may be spent, what was foreseen a little earlier is better than a rough guess.
    const lifeMs = this.budget.allows(nowMs, 0) ? kept && lifeOf(kept) : FORGOTTEN_MS;
    const isFull = kept !== undefined && kept.came >= CAME_MAX && lifeMs !== FORGOTTEN_MS;
    if (kept !== undefined && !isFull && nowMs - kept.atMs < (lifeMs ?? 0)) {
      const { slots } = this.able(job, nowMs);
      const leastMs = job.predictedGpuMs / (slots.length + 1);
      return this.prospect(later(kept, leastMs, nowMs), job);
    }
    const raw = this.look(job, expected, nowMs);
    this.kept.set(name, { raw, key, atMs: nowMs, came: 0 });
    if (this.kept.size > KEPT_MAX) this.forgetOld(nowMs);
    return this.prospect(raw, job);
  }

  /** The job was let in, with this prospect. @param isNews such ones are to be expected again */
  came(job: QueuedJob, told: Prospect, nowMs: number, isNews = true): void {
    const { raw, startMs, finishMs, loadMs } = told;
    this.follows(job, true);
    this.told.note(job.jobId, {
      ...{ standing: this.classOf(job), atMs: nowMs, startMs: raw.startMs },
      ...{ finishMs: finishMs.p50, kind: outcomeKind(startMs.p50, loadMs > 0) },
    });
    this.arrivals.note(job, nowMs, isNews);
  }

  /** The job waits no more: so good was its forecast. */
  began(jobId: string, nowMs: number): void {
    this.told.began(jobId, nowMs);
  }

  /** The job is done. */
  ended(jobId: string, nowMs: number): void {
    this.told.ended(jobId, nowMs);
  }

  /** Where a job stands that waits; `undefined` for one that does not. */
  async locate(jobId: string, job: QueuedJob, nowMs: number): Promise<Prospect | undefined> {
    return this.fleet.queue.has(jobId) ? this.places.of(job, nowMs) : undefined;
  }

  /** When a job would begin by the work before it alone, spread over all slots that could run it. */
  estimate(job: QueuedJob, expected: readonly QueuedJob[], nowMs: number): Prospect {
    const able = this.able(job, nowMs);
    return this.prospect(roughly(this.fleet, { job, able }, expected, nowMs), job);
  }

  /** Found once for all who ask of the same workers. */
  private able(job: QueuedJob, nowMs: number): Able {
    const workers = this.fleet.workers(nowMs);
    if (workers !== this.ableOf) {
      this.ableOf = workers;
      this.ableBy = new Map();
    }
    const known = this.ableBy.get(job.model) ?? ableTo(this.fleet, job, nowMs);
    this.ableBy.set(job.model, known);
    return known;
  }

  /** Nobody is refused because a forecast failed. */
  private look(job: QueuedJob, expected: readonly QueuedJob[], nowMs: number): Raw {
    const asked = { job: { ...job, jobId: ASKED }, able: this.able(job, nowMs) };
    // Where nobody has shown up yet there is nothing to run: a dispatcher that just started.
    const copies = (this.fleet.queue.size + expected.length) / COPIES_PER_DECISION;
    const canRun = asked.able.slots.length > 0 && this.budget.allows(nowMs, copies);
    if (!canRun) return roughly(this.fleet, asked, expected, nowMs);
    try {
      const raw = runUntil(this.fleet, asked, { ...this.options(nowMs), also: expected });
      this.budget.spend(raw.decisions);
      this.count(raw.decisions);
      return raw;
    } catch (error) {
      this.onFailure(error);
      return roughly(this.fleet, asked, expected, nowMs);
    }
  }

  private count(decisions: number): void {
    this.cost.runs += 1;
    this.cost.decisions += decisions;
  }

  /** The same more finely, for one that is let in: the middle of what might come, where it can be had. */
  refine(job: QueuedJob, prospect: Prospect, nowMs: number): Prospect {
    const asked = { job: { ...job, jobId: ASKED }, able: this.able(job, nowMs) };
    try {
      const fine = this.fine.middle(asked, this.keyOf(job, false), nowMs);
      if (fine === undefined) return prospect;
      return { ...this.prospect(fine, job, 1), raw: prospect.raw };
    } catch (error) {
      this.onFailure(error);
      return prospect;
    }
  }

  /** The wait by what the account's forecasts were wrong by, and the whole by what all were. */
  private prospect(
    raw: Raw,
    job: QueuedJob,
    factor = this.calibration.factor(this.classOf(job), raw.startMs),
  ): Prospect {
    const { p50Ms, p90Ms } = this.fleet.runtimeOf(job);
    const startMs = raw.startMs * factor;
    const wholeMs = startMs + raw.loadMs + p50Ms;
    const scale = this.outcomes.p90(outcomeKind(startMs, raw.loadMs > 0));
    const spreadMs = Math.hypot(raw.slackMs, p90Ms - p50Ms);
    const p90 = scale === undefined ? wholeMs + spreadMs : wholeMs * Math.max(1, scale);
    return {
      ...{ position: raw.position, raw, loadMs: raw.loadMs },
      startMs: { p50: startMs, p90: startMs + raw.slackMs },
      finishMs: { p50: wholeMs, p90 },
    };
  }

  private options(nowMs: number) {
    const { fleet } = this;
    return {
      arrivals: this.arrivals.again(nowMs),
      ...{ workers: fleet.workers(nowMs), nowMs, decisionsMax: DECISIONS_MAX },
      runtimeOf: (each: QueuedJob) => fleet.runtimeOf(each),
      loadMs: (model: string) => fleet.loadMs(model),
    };
  }

  /** Whoever stands alike comes after it: it was let in, or turned away and keeps a place. */
  follows({ lane, pool, ...job }: QueuedJob, isQueued: boolean): void {
    const standing = this.classOf({ ...job, lane });
    const isAlike = (key: Key) =>
      key.standing === standing && key.lane === lane && key.pool === pool;
    for (const kept of this.kept.values()) {
      if (isAlike(kept.key) && (isQueued || kept.key.withExpected)) kept.came += 1;
    }
    if (isQueued) this.fine.follows(isAlike);
  }

  private keyOf(job: QueuedJob, withExpected: boolean): Key {
    const { lane, pool, model, sequence } = job;
    const place = sequence === LAST || !withExpected ? undefined : sequence;
    return { standing: this.classOf(job), lane, pool, place, withExpected, model };
  }

  /** An account with nothing under way stands where any other such does. */
  private classOf(job: Pick<QueuedJob, 'accountId' | 'lane'>): string {
    return this.fleet.queue.knows(job) ? job.accountId : '';
  }

  private forgetOld(nowMs: number): void {
    for (const [key, { atMs }] of this.kept)
      if (nowMs - atMs >= FORGOTTEN_MS) this.kept.delete(key);
  }
}

export type { ForecastFleet, Prospect } from './prospect.js';
