import { Arrivals, LAST } from './arrivals.js';
import { Calibration, outcomeKind, Outcomes } from './calibration.js';
import { DecisionBudget } from './decision-budget.js';
import type { QueuedJob } from '../schedule/fair-queue.js';
import {
  later,
  lifeOf,
  rawOf,
  type ForecastFleet,
  type Kept,
  type Key,
  type Prospect,
  type Raw,
} from './prospect.js';
import { ToldForecasts } from './told-forecasts.js';
import { Places } from './places.js';
import { ForwardRun, type ForwardWorker } from '../schedule/run-forward.js';

/** What was foreseen is foreseen anew after so many who came, where it may cost something. */
const CAME_MAX = 24;
const FORGOTTEN_MS = 10_000;
const KEPT_MAX = 200;
/** Of one run: what happens later is foreseen by how fast the work before a job became less in it. */
const DECISIONS_MAX = 1_500;
/** Copying this many waiting jobs costs about as much as one decision. */
const COPIES_PER_DECISION = 100;
/** Nothing is foreseen further; ms. */
const FAR_MS = 3_600_000;
/** How much longer than the middle way the bad one of ten is taken for where nothing was run. */
const ROUGH = 0.3;

interface Able {
  readonly slots: readonly ForwardWorker['slots'][number][];
  readonly models: ReadonlySet<string>;
}

/** Who asks may be in the queue by the same id: it was asked for it twice. */
const ASKED = 'asked';

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
  private ableBy = new Map<string, Able>();
  private ableOf: readonly ForwardWorker[] = [];

  /** @param onFailure hears of runs that failed, for which an estimate stands in; `pause` as `Places` */
  constructor(
    private readonly fleet: ForecastFleet,
    private readonly onFailure: (error: unknown) => void = (error) => {
      throw error;
    },
    pause?: () => Promise<unknown>,
  ) {
    const seer = {
      begin: (nowMs: number) => new ForwardRun(fleet.queue, this.options(nowMs)),
      roughly: (job: QueuedJob, nowMs: number) => this.roughly(job, [], nowMs),
      prospect: (raw: Raw, job: QueuedJob) => this.prospect(raw, job),
      onFailure: (error: unknown) => this.onFailure(error),
    };
    this.places = new Places(seer, pause);
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
      const slots = this.able(job, nowMs).slots.length;
      return this.prospect(later(kept, job.predictedGpuMs / (slots + 1), nowMs), job);
    }
    const raw = this.look(job, expected, nowMs);
    this.kept.set(name, { raw, key, atMs: nowMs, came: 0 });
    if (this.kept.size > KEPT_MAX) this.forgetOld(nowMs);
    return this.prospect(raw, job);
  }

  /** The job was let in, with this prospect. @param isNews such ones are to be expected again */
  came(job: QueuedJob, { raw }: Prospect, nowMs: number, isNews = true): void {
    this.follows(job, true);
    const { p50Ms } = this.fleet.runtimeOf(job);
    const { startMs, loadMs } = raw;
    const corrected = startMs * this.calibration.factor(this.classOf(job), startMs);
    this.told.note(job.jobId, {
      ...{ standing: this.classOf(job), atMs: nowMs, startMs },
      ...{ finishMs: corrected + loadMs + p50Ms, kind: outcomeKind(corrected, loadMs > 0) },
    });
    if (isNews) this.arrivals.note(job, nowMs);
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
  private roughly(job: QueuedJob, expected: readonly QueuedJob[], nowMs: number): Raw {
    const { slots, models } = this.able(job, nowMs);
    const ahead = this.fleet.queue.workAhead(job, models);
    const coming = expected.filter(({ model }) => models.has(model));
    const runningMs = slots.reduce((sum, { freeAtMs }) => sum + Math.max(0, freeAtMs - nowMs), 0);
    const comingMs = coming.reduce((sum, { predictedGpuMs }) => sum + predictedGpuMs, 0);
    const startMs = (ahead.gpuMs + runningMs + comingMs) / Math.max(1, slots.length);
    const position = ahead.jobs + coming.length;
    return { position, startMs, slackMs: startMs * ROUGH, loadMs: 0, decisions: 0 };
  }

  /** Slots that could run the job, and what else runs there. */
  private able({ model }: QueuedJob, nowMs: number): Able {
    const workers = this.fleet.workers(nowMs);
    if (workers !== this.ableOf) {
      this.ableOf = workers;
      this.ableBy = new Map();
    }
    const known = this.ableBy.get(model);
    if (known !== undefined) return known;
    const those = workers.filter(({ models }) => models.has(model));
    const able = {
      slots: those.flatMap((worker) => worker.slots),
      models: new Set(those.flatMap(({ models }) => [...models])),
    };
    this.ableBy.set(model, able);
    return able;
  }

  /** Nobody is refused because a forecast failed. */
  private look(job: QueuedJob, expected: readonly QueuedJob[], nowMs: number): Raw {
    try {
      return this.runFor({ ...job, jobId: ASKED }, expected, nowMs);
    } catch (error) {
      this.onFailure(error);
      return this.roughly(job, expected, nowMs);
    }
  }

  private runFor(job: QueuedJob, expected: readonly QueuedJob[], nowMs: number): Raw {
    const { queue } = this.fleet;
    const { slots, models } = this.able(job, nowMs);
    // Where nobody has shown up yet there is nothing to run: a dispatcher that just started.
    const copies = (queue.size + expected.length) / COPIES_PER_DECISION;
    if (slots.length === 0 || !this.budget.allows(nowMs, copies)) {
      return this.roughly(job, expected, nowMs);
    }
    const run = new ForwardRun(queue, { ...this.options(nowMs), also: [...expected, job] });
    const before = run.workAhead(job, models);
    let next = run.next();
    while (next !== undefined && next.job.jobId !== job.jobId) next = run.next();
    this.budget.spend(run.decisions);
    this.cost.runs += 1;
    this.cost.decisions += run.decisions;
    if (next !== undefined) return rawOf(next, nowMs, run.decisions);
    const left = run.workAhead(job, models);
    const { decisions } = run;
    const rough = { ...this.roughly(job, expected, nowMs), decisions };
    if (left >= before) return { ...rough, startMs: FAR_MS };
    const ranMs = run.atMs - nowMs;
    const startMs = Math.min(FAR_MS, ranMs + (left * ranMs) / (before - left));
    return { ...rough, startMs, slackMs: startMs * ROUGH };
  }

  /** The wait by what the account's forecasts were wrong by, and the whole by what all were. */
  private prospect(raw: Raw, job: QueuedJob): Prospect {
    const { p50Ms, p90Ms } = this.fleet.runtimeOf(job);
    const startMs = raw.startMs * this.calibration.factor(this.classOf(job), raw.startMs);
    const wholeMs = startMs + raw.loadMs + p50Ms;
    const scale = this.outcomes.p90(outcomeKind(startMs, raw.loadMs > 0));
    const spreadMs = Math.hypot(raw.slackMs, p90Ms - p50Ms);
    const p90 = scale === undefined ? wholeMs + spreadMs : wholeMs * Math.max(1, scale);
    return {
      ...{ position: raw.position, raw },
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
    for (const kept of this.kept.values()) {
      const { key } = kept;
      const isAlike = key.standing === standing && key.lane === lane && key.pool === pool;
      if (isAlike && (isQueued || key.withExpected)) kept.came += 1;
    }
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
