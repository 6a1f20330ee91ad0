import { SpanKind } from '@opentelemetry/api';
import { offerSlots, type Assignment } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { traced } from '@safelight/telemetry';
import type {} from '../engine/engine.js';
import { offerOf } from './model-offer.js';
import { runAttempt } from './attempt.js';
import { flyCanary, type Trial } from './canary.js';
import { Heartbeat, type Rhythm } from './heartbeat.js';
import { HeldLease, keyOf } from './held-lease.js';
import { logged, report } from './report.js';
import { within } from './within.js';
import type { SlotCount } from './worker-metrics.js';
import type { WorkerParts } from './worker-parts.js';

/** How long a closing worker waits for its engine to stop, and for the dispatcher to take back the rest. */
const HAND_BACK_MS = 3_000;

/**
 * Stands beside an engine, from its readiness to its loss: offers its slots, runs what is assigned,
 * reports, and lets go of whatever is no longer its own. The dispatcher decides; the agent never
 * assumes that a lease is still good.
 */
export class Agent {
  private readonly held = new Map<string, HeldLease>();
  private readonly heartbeat: Heartbeat;
  /** Resolves when it was closed. */
  readonly closed: Promise<void>;
  private onClosed: () => void = () => undefined;
  private epoch = 0;
  private draining = false;
  /** Canaries that the engine works for: each takes a slot. */
  private canaries = 0;
  private readonly canariesEnd = new AbortController();

  constructor(private readonly parts: WorkerParts) {
    const { logger } = parts.telemetry;
    this.closed = new Promise((resolve) => {
      this.onClosed = resolve;
    });
    this.heartbeat = new Heartbeat({
      offer: () => this.offer(),
      onFailure: (error) => logger.debug({ err: error }, 'the dispatcher was not reached'),
      onContactLost: () => this.dropAll(),
    });
  }

  get slotCount(): SlotCount {
    return { slots: this.draining ? 0 : this.slots, busy: this.busySlots };
  }

  /** Offers for the first time, and from then on regularly. Resolves when that was answered or failed. */
  start(): Promise<void> {
    return this.heartbeat.beat();
  }

  /** @throws DomainError `worker.stale_epoch`, `worker.draining`, `worker.busy` */
  accept(assignment: Assignment): { accepted: true } {
    if (assignment.epoch < this.epoch) throw new DomainError('worker.stale_epoch');
    this.epoch = assignment.epoch;
    const key = keyOf(assignment);
    if (this.held.has(key)) return { accepted: true };
    if (this.draining) throw new DomainError('worker.draining');
    if (this.freeSlots === 0) throw new DomainError('worker.busy');
    const held = new HeldLease(assignment, (lease) => this.work(lease));
    this.held.set(key, held);
    return { accepted: true };
  }

  /** Stops an attempt before its next step. @returns whether it was held here */
  cancel(lease: { jobId: string; attempt: number }): { cancelled: boolean } {
    const held = this.held.get(keyOf(lease));
    const cancelled = held !== undefined && !held.isLost;
    held?.stop('dropped');
    return { cancelled };
  }

  /**
   * Makes a picture to show that this worker, which is in quarantine, works again.
   * @throws DomainError `worker.stale_epoch`, `worker.draining`, `worker.busy`, and the engine's codes
   */
  async prove(trial: Trial): ReturnType<typeof flyCanary> {
    if (trial.epoch < this.epoch) throw new DomainError('worker.stale_epoch');
    if (this.draining) throw new DomainError('worker.draining');
    if (this.freeSlots === 0) throw new DomainError('worker.busy');
    this.canaries += 1;
    try {
      return await flyCanary(this.parts.engine, trial, this.canariesEnd.signal);
    } finally {
      this.canaries -= 1;
    }
  }

  /**
   * The engine was lost: takes nothing new. Runs that the engine still answers for go on, all others
   * fail at once. Resolves when nothing is held any more, and no one knows of this incarnation.
   */
  async retire(isEngineUp: boolean): Promise<void> {
    this.draining = true;
    void this.heartbeat.beat();
    this.canariesEnd.abort();
    if (!isEngineUp) for (const held of this.held.values()) held.stop('engine');
    await this.settled();
    await this.heartbeat.beat();
    await this.heartbeat.stop();
  }

  /**
   * Takes nothing new, goes on for `patienceMs` with what it has, and hands the rest back.
   *
   * @param hurry ends the patience at once
   */
  async close(patienceMs: number, hurry?: AbortSignal): Promise<void> {
    this.draining = true;
    void this.heartbeat.beat();
    await within(patienceMs, this.settled(), hurry);
    this.canariesEnd.abort();
    for (const held of this.held.values()) held.stop('draining');
    // Reports need a dispatcher; without one the leases run out by themselves.
    await within(HAND_BACK_MS, this.settled());
    for (const held of this.held.values()) held.giveUp();
    await this.settled();
    await this.heartbeat.stop();
    this.onClosed();
  }

  private async settled(): Promise<void> {
    await Promise.all([...this.held.values()].map(({ done }) => done));
  }

  private async work(held: HeldLease): Promise<void> {
    const { jobId, attempt, spec, submission } = held.assignment;
    const { logger } = this.parts.telemetry;
    const options = {
      kind: SpanKind.INTERNAL,
      links: submission === null ? [] : [submission],
      attributes: {
        ...{ 'safelight.job_id': jobId, 'safelight.attempt': attempt },
        'gen_ai.request.model': spec.model,
      },
    };
    try {
      logger.info({ ...logged(held), model: spec.model }, 'attempt begins');
      await traced(this.parts.telemetry, `attempt ${spec.operation}`, options, async (span) => {
        const outcome = await this.run(held);
        span.setAttribute('safelight.outcome', outcome.kind);
        // Nobody else says that the slot of a lost lease is free.
        if (held.isLost) void this.heartbeat.beat();
        const troubled = await report(this.parts, held, outcome);
        if (troubled) void this.heartbeat.beat();
      });
    } catch (error) {
      logger.error({ err: error, ...logged(held) }, 'an attempt went unreported');
    } finally {
      this.held.delete(keyOf(held.assignment));
      // Nobody has freed this slot by answering: say that it is there.
      if (held.reason !== undefined) void this.heartbeat.beat();
    }
  }

  private async run(held: HeldLease) {
    const { metrics, telemetry } = this.parts;
    const { operation, model } = held.assignment.spec;
    const startedMs = performance.now();
    const outcome = await runAttempt(this.parts, held.assignment, held.signal);
    // From here on the engine is free for another job: the answer to the report may bring one.
    held.occupiesSlot = false;
    const { kind, used } = outcome;
    const { gpuMs, loadMs } = used;
    metrics.attempted(operation, held.reason ?? kind, performance.now() - startedMs);
    if (loadMs > 0) metrics.loaded(model, loadMs);
    const end = { ...logged(held), outcome: kind, reason: held.reason, gpuMs, loadMs };
    telemetry.logger.info(end, 'attempt ends');
    return outcome;
  }

  private async offer(): Promise<Rhythm> {
    const { engine, gpu, incarnation, pool, requests, tags, workerId } = this.parts;
    const { engine: name, models, warm = [] } = engine.capabilities;
    const open = !this.draining;
    const reply = await requests.request(offerSlots, {
      ...{ workerId, incarnation, engine: name, warm: open ? [...warm] : [] },
      ...{ pool, tags: [...tags], gpu: gpu.latest },
      models: open ? models.map(offerOf) : [],
      slots: open ? this.slots : 0,
      freeSlots: this.freeSlots,
      leases: this.leases,
    });
    this.obey(reply);
    return reply;
  }

  /** What is lost is named no more: whoever has it now need not be told. */
  private get leases(): { jobId: string; attempt: number }[] {
    return [...this.held.values()]
      .filter(({ isLost }) => !isLost)
      .map(({ assignment: { jobId, attempt } }) => ({ jobId, attempt }));
  }

  private obey({
    epoch,
    drop,
  }: {
    epoch: number;
    drop: { jobId: string; attempt: number }[];
  }): void {
    // An old leader that does not know yet has no say.
    if (epoch < this.epoch) return;
    this.epoch = epoch;
    for (const lease of drop) this.held.get(keyOf(lease))?.stop('dropped');
  }

  /**
   * Out of touch for longer than a lease lives and its grace: others run these jobs by now. What is
   * done and only waits to be reported costs nothing: should nobody have run it again, it still counts.
   */
  private dropAll(): void {
    const { logger } = this.parts.telemetry;
    const computing = [...this.held.values()].filter(({ occupiesSlot }) => occupiesSlot);
    for (const held of computing) {
      if (!held.isLost) logger.warn(logged(held), 'lease given up: out of touch');
      held.stop('cut_off');
    }
  }

  private get slots(): number {
    const { engine, slotsMax = Infinity } = this.parts;
    return Math.min(slotsMax, engine.capabilities.slots ?? 1);
  }

  private get busySlots(): number {
    return [...this.held.values()].filter(({ occupiesSlot }) => occupiesSlot).length;
  }

  private get freeSlots(): number {
    return this.draining ? 0 : Math.max(0, this.slots - this.busySlots - this.canaries);
  }
}
