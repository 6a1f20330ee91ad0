import type { z } from 'zod';
import type { offerSlots } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import type { Telemetry } from '@safelight/telemetry';
import type { DispatchConfig } from '../config.js';
import type { Background } from '../dispatcher/background.js';
import { isEpochOver } from '../leadership/epoch.js';
import { prove, trialOf, type Verdict } from './canary.js';
import { FaultBook, type FailedJob } from './faults.js';
import { isDueToProve, isInForce, mayPutAway, struck, type Quarantine } from './quarantine.js';
import type { Offer, Restraint, Roster, Worker } from './roster.js';
import { SeenWorkers } from './seen-workers.js';
import type { WorkerRecords } from './worker-records.sql.js';

/** What of the reign it works with. */
export interface SupervisionParts {
  readonly epoch: number;
  readonly config: DispatchConfig;
  readonly board: { readonly roster: Roster };
  readonly background: Background;
  readonly requests: RequestClient;
  readonly telemetry: Telemetry;
  readonly metrics: { proved(outcome: Verdict['outcome']): void };
  readonly abdicate: (error: unknown) => void;
}

type QuarantineNotice = z.input<typeof offerSlots.reply>['quarantined'];

/**
 * Keeps work from workers that fail at it: a worker from one model, for a while; or a worker from all
 * of it, until it has proved itself or an operator lets it go. Quarantines are kept in the database,
 * where operators place and end them too: what they say is read with every look.
 */
export class Supervision {
  private readonly faults: FaultBook;
  private readonly quarantines: Map<string, Quarantine>;
  /** Decided here and not written yet. */
  private readonly undecided = new Map<string, Quarantine>();
  private readonly proving = new Set<string>();
  private readonly seen = new SeenWorkers();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private resting = false;

  constructor(
    private readonly parts: SupervisionParts,
    private readonly records: Pick<WorkerRecords, 'read' | 'save'>,
    known: readonly Quarantine[],
  ) {
    this.faults = new FaultBook(parts.config.WORKER_FAULTS_MAX);
    this.quarantines = new Map(known.map((each) => [each.workerId, each]));
  }

  /** Looks after what operators changed, from now on. */
  start(): void {
    this.timer = setTimeout(() => {
      this.looking = this.look().then(() => {
        if (!this.resting) this.start();
      });
    }, this.parts.config.HEARTBEAT_MS);
  }

  async stop(): Promise<void> {
    this.resting = true;
    clearTimeout(this.timer);
    await this.looking;
    await this.look();
  }

  /** What the worker is to be kept from at this moment. `pool`: where it is, if it was not heard yet. */
  restraintOf(workerId: string, nowMs: number, pool = this.poolOf(workerId)): Restraint {
    const { roster } = this.parts.board;
    const apart = this.faults.modelsApart(workerId, nowMs);
    // Where nobody else of its pool serves a model, a bad worker is better than none.
    const excluded = [...apart].filter((model) =>
      roster.isServedBesides({ model, pool }, [workerId]),
    );
    const quarantined = isInForce(this.quarantines.get(workerId));
    return { excluded: new Set(excluded), quarantined };
  }

  /** The quarantine as its worker is told of it. */
  noticeFor(workerId: string): QuarantineNotice {
    const quarantine = this.quarantines.get(workerId);
    if (!isInForce(quarantine)) return null;
    return { reason: quarantine.reason, provesAt: quarantine.provesAt?.toISOString() ?? null };
  }

  /** A worker spoke: takes note of it, and lets it prove itself when it is time. */
  heard(worker: Worker, offer: Offer): void {
    this.seen.note(offer);
    const { workerId } = worker;
    const due = isDueToProve(this.quarantines.get(workerId), new Date());
    if (!due || offer.freeSlots === 0 || this.proving.has(workerId)) return;
    this.proving.add(workerId);
    // Nobody waits for it: a reign that ends lets it go, and the next one asks again.
    void this.try(worker, offer)
      .catch((error: unknown) => this.parts.abdicate(error))
      .finally(() => this.proving.delete(workerId));
  }

  /** An attempt failed on a worker, and not because of what the job asked for. */
  failed(workerId: string, job: FailedJob): void {
    this.faults.failed(workerId, job, performance.now());
    this.judge(workerId, 'failed attempts');
  }

  fellSilent(workerId: string): void {
    this.faults.fellSilent(workerId, performance.now(), this.parts.config.LEASE_MS);
    this.judge(workerId, 'lost leases');
  }

  /** @param failedOn workers that an earlier attempt had failed on */
  completed(workerId: string, { jobId, model }: FailedJob, failedOn: readonly string[]): void {
    this.faults.completed(workerId, model);
    for (const other of failedOn) {
      if (other === workerId) continue;
      this.faults.wentWellElsewhere(other, jobId);
      this.judge(other, 'failed attempts at what others made');
    }
  }

  /** The job fails wherever it runs. */
  poisoned(jobId: string): void {
    this.faults.absolve(jobId);
  }

  /** Workers that are there and get no work. */
  get quarantined(): number {
    return [...this.parts.board.roster.workerIds].filter((workerId) =>
      isInForce(this.quarantines.get(workerId)),
    ).length;
  }

  /** Pairs of a worker that is there and a model that are kept apart. */
  get pairsApart(): number {
    const nowMs = performance.now();
    const { workerIds } = this.parts.board.roster;
    return [...workerIds].reduce(
      (sum, workerId) => sum + this.restraintOf(workerId, nowMs).excluded.size,
      0,
    );
  }

  private poolOf(workerId: string): string | undefined {
    return this.parts.board.roster.all().find((worker) => worker.workerId === workerId)?.pool;
  }

  private judge(workerId: string, what: string): void {
    const { roster } = this.parts.board;
    const nowMs = performance.now();
    const before = this.quarantines.get(workerId);
    const tooFaulty = this.faults.isTooFaulty(workerId, nowMs) && !isInForce(before);
    const maySpare = mayPutAway(roster.workerIds.size, this.quarantined);
    if (tooFaulty && maySpare && roster.isSparable(workerId)) {
      const faults = this.faults.faultsOf(workerId, nowMs);
      this.strike(workerId, `${faults} faults within an hour, the latest: ${what}`);
    }
    roster.limit(workerId, this.restraintOf(workerId, nowMs));
  }

  private strike(workerId: string, reason: string): void {
    const { config, telemetry } = this.parts;
    const before = this.quarantines.get(workerId);
    const at = { now: new Date(), firstMs: config.QUARANTINE_MS };
    const quarantine = struck(workerId, before, reason, at);
    const { strikes, provesAt } = quarantine;
    telemetry.logger.warn({ workerId, reason, strikes, provesAt }, 'worker in quarantine');
    this.decide(quarantine);
  }

  private decide(quarantine: Quarantine): void {
    const { workerId } = quarantine;
    this.quarantines.set(workerId, quarantine);
    this.undecided.set(workerId, quarantine);
    this.parts.board.roster.limit(workerId, this.restraintOf(workerId, performance.now()));
    this.parts.background.begin(this.lookNow());
  }

  private async try(worker: Worker, offer: Offer): Promise<void> {
    const { epoch, metrics, requests, telemetry } = this.parts;
    const { workerId, incarnation, warm } = worker;
    const trial = trialOf(offer.models, warm);
    const verdict: Verdict =
      trial === undefined
        ? { outcome: 'passed' }
        : await prove(requests, incarnation, { ...trial, epoch });
    metrics.proved(verdict.outcome);
    if (verdict.outcome === 'open') {
      const { reason } = verdict;
      telemetry.logger.warn({ workerId, reason }, 'a canary could not be flown: asked again');
    }
    const quarantine = this.quarantines.get(workerId);
    // Meanwhile an operator may have had the last word.
    if (this.resting || !isDueToProve(quarantine, new Date()) || quarantine === undefined) return;
    if (verdict.outcome === 'failed') this.strike(workerId, `failed its canary: ${verdict.reason}`);
    if (verdict.outcome !== 'passed') return;
    telemetry.logger.info({ workerId }, 'worker out of quarantine');
    this.faults.forgive(workerId);
    this.decide({ ...quarantine, endedAt: new Date() });
  }

  /** A look out of turn, after the one that is under way. */
  private lookNow(): Promise<void> {
    this.looking = this.looking.then(() => this.look());
    return this.looking;
  }

  /** Writes what was decided, then reads what is so. A database that is away is asked again. */
  private async look(): Promise<void> {
    const decided = new Map(this.undecided);
    const seen = this.seen.take();
    this.faults.forget(performance.now());
    try {
      await this.records.save([...decided.values()], [...seen.values()]);
      for (const [workerId, quarantine] of decided) {
        if (this.undecided.get(workerId) === quarantine) this.undecided.delete(workerId);
      }
      if (!this.resting) this.accept(await this.records.read());
    } catch (error) {
      this.seen.giveBack(seen);
      if (isEpochOver(error)) this.parts.abdicate(error);
      else this.parts.telemetry.logger.warn({ err: error }, 'workers could not be written down');
    }
  }

  /** Makes what the database says so: operators write there. */
  private accept(stored: readonly Quarantine[]): void {
    const before = new Map(this.quarantines);
    this.quarantines.clear();
    for (const each of [...stored, ...this.undecided.values()]) {
      this.quarantines.set(each.workerId, each);
    }
    const nowMs = performance.now();
    for (const workerId of new Set([...before.keys(), ...this.quarantines.keys()])) {
      const [was, is] = [before.get(workerId), this.quarantines.get(workerId)].map(isInForce);
      if (was === is) continue;
      if (was === true) this.faults.forgive(workerId);
      this.parts.board.roster.limit(workerId, this.restraintOf(workerId, nowMs));
    }
  }
}
