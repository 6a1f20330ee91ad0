import { SpanKind } from '@opentelemetry/api';
import { offerSlots, type Assignment } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { traced } from '@safelight/telemetry';
import type { EngineModel } from '../engine/engine.js';
import { runAttempt } from './attempt.js';
import { flyCanary, type Trial } from './canary.js';
import { Heartbeat, type Rhythm } from './heartbeat.js';
import { HeldLease, keyOf, type StopReason } from './held-lease.js';
import { report } from './report.js';
import type { WorkerParts } from './worker-parts.js';

/** How long a closing worker waits for the dispatcher to take back what it did not finish. */
const HAND_BACK_MS = 1_500;

/**
 * Stands beside an engine: offers its slots, runs what is assigned, reports, and lets go of whatever
 * is no longer its own. The dispatcher decides; the agent never assumes that a lease is still good.
 */
export class Agent {
  private readonly held = new Map<string, HeldLease>();
  private readonly heartbeat: Heartbeat;
  private epoch = 0;
  private draining = false;
  /** Canaries that the engine works for: each takes a slot. */
  private canaries = 0;

  constructor(private readonly parts: WorkerParts) {
    const { logger } = parts.telemetry;
    this.heartbeat = new Heartbeat({
      offer: () => this.offer(),
      onFailure: (error) => logger.debug({ err: error }, 'the dispatcher was not reached'),
      onContactLost: () => this.dropAll(),
    });
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
    if (this.freeSlots() === 0) throw new DomainError('worker.busy');
    const held = new HeldLease(assignment, (lease) => this.work(lease));
    this.held.set(key, held);
    return { accepted: true };
  }

  /** Stops an attempt before its next step. @returns whether it was held here */
  cancel(lease: { jobId: string; attempt: number }): { cancelled: boolean } {
    const held = this.held.get(keyOf(lease));
    held?.stop('lost');
    return { cancelled: held !== undefined };
  }

  /**
   * Makes a picture to show that this worker, which is in quarantine, works again.
   * @throws DomainError `worker.stale_epoch`, `worker.draining`, `worker.busy`, and the engine's codes
   */
  async prove(trial: Trial): ReturnType<typeof flyCanary> {
    if (trial.epoch < this.epoch) throw new DomainError('worker.stale_epoch');
    if (this.draining) throw new DomainError('worker.draining');
    if (this.freeSlots() === 0) throw new DomainError('worker.busy');
    this.canaries += 1;
    try {
      return await flyCanary(this.parts.engine, trial);
    } finally {
      this.canaries -= 1;
    }
  }

  /** Takes nothing new, goes on for `patienceMs` with what it has, and hands the rest back. */
  async close(patienceMs: number): Promise<void> {
    this.draining = true;
    const all = () => Promise.all([...this.held.values()].map(({ done }) => done));
    await this.heartbeat.beat();
    await within(patienceMs, all());
    for (const held of this.held.values()) held.stop('draining');
    // Reports need a dispatcher; without one the leases run out by themselves.
    await within(HAND_BACK_MS, all());
    for (const held of this.held.values()) held.stop('lost');
    await all();
    await this.heartbeat.stop();
  }

  private async work(held: HeldLease): Promise<void> {
    const { assignment } = held;
    const { jobId, attempt, spec, submission } = assignment;
    const options = {
      kind: SpanKind.INTERNAL,
      links: submission === null ? [] : [submission],
      attributes: {
        ...{ 'safelight.job_id': jobId, 'safelight.attempt': attempt },
        'gen_ai.request.model': spec.model,
      },
    };
    try {
      await traced(this.parts.telemetry, `attempt ${spec.operation}`, options, async (span) => {
        const outcome = await runAttempt(this.parts, assignment, held.signal);
        span.setAttribute('safelight.outcome', outcome.kind);
        // From here on the engine is free for another job: the answer to the report may bring one.
        held.occupiesSlot = false;
        const troubled = await report(this.parts, held, outcome);
        if (troubled) void this.heartbeat.beat();
      });
    } catch (error) {
      this.parts.telemetry.logger.error(
        { err: error, job_id: jobId },
        'an attempt went unreported',
      );
    } finally {
      this.held.delete(keyOf(assignment));
      // Nobody has freed this slot by answering: say that it is there.
      if (held.reason !== undefined) void this.heartbeat.beat();
    }
  }

  private async offer(): Promise<Rhythm> {
    const { engine, incarnation, requests, slots, workerId } = this.parts;
    const { engine: name, models, warm = [] } = engine.capabilities;
    const open = !this.draining;
    const reply = await requests.request(offerSlots, {
      ...{ workerId, incarnation, engine: name, warm: open ? [...warm] : [] },
      models: open ? models.map(offerOf) : [],
      slots: open ? slots : 0,
      freeSlots: this.freeSlots(),
      leases: [...this.held.values()].map(({ assignment: { jobId, attempt } }) => ({
        jobId,
        attempt,
      })),
    });
    this.obey(reply);
    return reply;
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
    for (const lease of drop) this.held.get(keyOf(lease))?.stop('lost');
  }

  /** Out of touch for longer than a lease lives: others run these jobs by now. */
  private dropAll(): void {
    const { logger } = this.parts.telemetry;
    if (this.held.size > 0) logger.warn({ leases: this.held.size }, 'leases lost: out of touch');
    const reason: StopReason = 'lost';
    for (const held of this.held.values()) held.stop(reason);
  }

  private freeSlots(): number {
    if (this.draining) return 0;
    const taken = [...this.held.values()].filter(({ occupiesSlot }) => occupiesSlot).length;
    return Math.max(0, this.parts.slots - taken - this.canaries);
  }
}

const offerOf = ({ operations, features = [], ...model }: EngineModel) => ({
  ...model,
  operations: [...operations],
  features: [...features],
});

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
