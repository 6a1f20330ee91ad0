import { Controller, Inject } from '@nestjs/common';
import { admitJob, listModels, locateJobs } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { wishesOf } from '../dispatcher/board.js';
import { Dispatcher } from '../dispatcher/dispatcher.js';
import { REIGN_PARTS } from '../dispatcher/reign-parts.js';
import type { ReignParts } from '../dispatcher/reign-parts.js';
import { FORESIGHT, type Foresight } from '../foresight.js';
import { isServed } from '../pools/served.js';
import { offersFor } from './fit.js';
import type { Prospect } from './forecaster.js';
import { unavailable, type Bounds, type Candidate } from './gate.js';
import { needOf, withMemory } from './memory.js';
import { offersTo, poolsFor, type Placed, type Reach } from './reach.js';
import { toldOf } from './told.js';

type Question = z.output<typeof admitJob.request>;

const RETRY_NO_MODEL_SECONDS = 5;
const RETRY_UNSERVED_SECONDS = 30;
/** A model is served for this long after the last worker that offered it was heard of. */
const OFFER_LIFE_MS = 30_000;

/** What is found by then is told; some less than the patience of who asks. */
const LOCATE_MS = 400;

/** Models of the engine that needs no GPU: all that test keys may use. */
const isBuiltin = (model: string): boolean => model.startsWith('builtin/');

/** Can this be served, and when? */
@Controller()
export class AdmissionController {
  private readonly sinceMs = performance.now();

  constructor(
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
    @Inject(REIGN_PARTS) private readonly parts: ReignParts,
    @Inject(FORESIGHT) private readonly foresight: Foresight,
  ) {}

  @Answers(admitJob)
  admit(question: Question): z.output<typeof admitJob.reply> {
    const { accountId, spec, needs, jobId } = question;
    const test = spec.test !== undefined;
    const reach = poolsFor(this.foresight.pools, { accountId, pool: spec.pool, test });
    const [first, ...others] = this.choose({ spec, needs }, reach);
    const { offer } = first;
    const { name: model } = offer;
    const steps = spec.steps ?? offer.defaultSteps;
    const vramBytes = needOf(offer, spec.vramBytes);
    const predictedGpuMs = this.parts.board.speeds.predict({ ...spec, model, steps });
    const candidate = {
      ...{ jobId: jobId ?? `asked by ${accountId}`, accountId, lane: spec.lane, model },
      ...{ predictedGpuMs, ...wishesOf({ ...spec, vramBytes }) },
    };
    const places = [first.pool, ...others.map((each) => each.pool)];
    const pool = this.poolFor(candidate, reach, places);
    const prospect = this.enter({ ...candidate, pool }, question);
    return {
      ...{ model, steps, pool: pool ?? null, ...toldOf(prospect) },
      vramBytes: vramBytes > 0 ? vramBytes : null,
    };
  }

  @Answers(locateJobs)
  async locate({
    jobIds,
  }: z.output<typeof locateJobs.request>): Promise<z.input<typeof locateJobs.reply>> {
    const places = [];
    const askedMs = performance.now();
    for (const jobId of jobIds) {
      // Whoever asked has stopped waiting for what would come later.
      if (performance.now() - askedMs > LOCATE_MS) break;
      const prospect = await this.prospectOf(jobId);
      if (prospect !== undefined) places.push({ jobId, ...toldOf(prospect) });
    }
    return { places };
  }

  @Answers(listModels)
  models({ of }: z.output<typeof listModels.request>): z.input<typeof listModels.reply> {
    const { roster } = this.parts.board;
    const { catalogue } = this.dispatcher;
    // What only an account's own pool has is not everybody's to know.
    const reach = poolsFor(this.foresight.pools, of ?? { pool: undefined, test: true });
    const placed = offersTo(this.foresight.pools, reach, catalogue.offers);
    const offers = placed.map(({ offer }) => offer);
    const preferred = this.parts.config.DEFAULT_MODEL ?? offers[0]?.name;
    const served = offers.filter(({ name }) =>
      of === undefined ? roster.slotsFor(name).slots > 0 : this.isServed(of.pool, name),
    );
    return {
      models: served.map((offer) => ({
        offer,
        state: roster.isWarm(offer.name) ? 'warm' : 'cold',
        isDefault: offer.name === preferred,
      })),
    };
  }

  private choose(
    { spec, needs }: Pick<Question, 'spec' | 'needs'>,
    reach: Reach,
  ): [Placed, ...Placed[]] {
    const { catalogue } = this.dispatcher;
    const test = spec.test !== undefined;
    const reached = offersTo(this.foresight.pools, reach, catalogue.offers);
    const placed = test ? reached.filter(({ offer }) => isBuiltin(offer.name)) : reached;
    const offers = placed.map(({ offer }) => offer);
    if (offers.length === 0) throw unavailable(RETRY_NO_MODEL_SECONDS);
    const { DEFAULT_MODEL } = this.parts.config;
    const demand = { spec, needs, pool: reach.asked };
    const fit = new Set(offersFor(offers, demand, DEFAULT_MODEL, test));
    const places = placed.filter(({ offer }) => fit.has(offer));
    return withMemory(this.parts.board.roster.all(), places, placed, spec);
  }

  /**
   * The pool of a job that names none: one of its account's own, unless it would be done sooner among
   * everybody's. `undefined`: everybody's.
   *
   * @param places where it can be done, at least one
   */
  private poolFor(
    candidate: Candidate,
    { pools, asked, own }: Reach,
    places: readonly (string | undefined)[],
  ): string | undefined {
    if (asked !== undefined) return asked;
    const isThere = (pool: string) => this.isServed(pool, candidate.model);
    const able = places.filter((pool) => pool !== undefined && isThere(pool));
    const isForAll = places.includes(undefined);
    if (able.length === 0) return isForAll ? undefined : places[0];
    const shared = isForAll && pools.some((pool) => !own.has(pool) && isThere(pool));
    const endOf = (pool: string | undefined) =>
      this.foresight.gate.look({ ...candidate, pool }, Date.now()).finishMs.p50;
    const [best] = able.toSorted((a, b) => endOf(a) - endOf(b));
    return shared && endOf(undefined) < endOf(best) ? undefined : best;
  }

  private enter(candidate: Candidate, { spec, jobId, withinMs = Infinity }: Question): Prospect {
    const { pool, model } = candidate;
    if (!this.isExpected(pool, model))
      throw this.turnAway('unserved', unavailable(RETRY_UNSERVED_SECONDS));
    const bounds: Bounds = { waitMs: this.boundOf(spec.lane) * 1_000, withinMs };
    try {
      return this.foresight.gate.enter(candidate, bounds, Date.now(), jobId !== undefined);
    } catch (error) {
      throw this.turnAway('wait', error);
    }
  }

  private turnAway(reason: string, error: unknown): unknown {
    this.parts.metrics.turnedAway(reason);
    return error;
  }

  private boundOf(lane: Candidate['lane']): number {
    const { config } = this.parts;
    if (lane === 'interactive') return config.MAX_WAIT_INTERACTIVE_SECONDS;
    return lane === 'batch' ? config.MAX_WAIT_BATCH_SECONDS : config.MAX_WAIT_SECONDS;
  }

  /** Somebody serves the model, did a moment ago, or will once the pool has started a worker. */
  private isExpected(pool: string | undefined, model: string): boolean {
    const { board } = this.parts;
    const { pools } = this.foresight;
    const candidates =
      pool === undefined ? pools.poolsWith(model).filter((each) => pools.isShared(each)) : [pool];
    if (candidates.some((each) => this.isServed(each, model))) return true;
    // A dispatcher that just started gives workers the time to show up.
    const lastOffered = board.roster.lastOffered(model) ?? this.sinceMs;
    return performance.now() - lastOffered <= OFFER_LIFE_MS;
  }

  private isServed(pool: string, model: string): boolean {
    const { pools } = this.foresight;
    return isServed({ pools, roster: this.parts.board.roster }, pool, model);
  }

  private async prospectOf(
    jobId: string,
  ): Promise<Pick<Prospect, 'position' | 'finishMs'> | undefined> {
    const { board } = this.parts;
    const entry = board.get(jobId);
    if (entry === undefined) return undefined;
    const waiting = await this.foresight.forecaster.locate(jobId, entry.job, Date.now());
    if (waiting !== undefined) return waiting;
    const { p50Ms, p90Ms } = board.speeds.quantiles(entry.spec);
    const ranMs = entry.lease === undefined ? 0 : performance.now() - entry.lease.sinceMs;
    const left = { p50: Math.max(0, p50Ms - ranMs), p90: Math.max(0, p90Ms - ranMs) };
    return { position: 0, finishMs: left };
  }
}
