import type { JobSpec, offerSlots } from '@safelight/contracts';
import type { CommandMeta } from '@safelight/event-store';
import type { z } from 'zod';
import type { OpenAssignment } from '../assignment/open-assignments.sql.js';
import type { ModelCatalogue } from '../models/catalogue.js';
import type { Offer, Worker } from '../workers/roster.js';
import { Assigner } from './assigner.js';
import { Attempts } from './attempts.js';
import { entryOf } from './board.js';
import { LeaseWatch } from './lease-watch.js';
import type { ReignParts } from './reign-parts.js';

export interface QueuedJobFact {
  readonly jobId: string;
  readonly accountId: string;
  readonly spec: JobSpec;
  readonly deadlineAt: string;
}

/** The queue, the workers, and what joins them, in one reign. */
export class Dispatcher {
  readonly attempts: Attempts;
  readonly watch: LeaseWatch;
  private readonly assigner: Assigner;

  constructor(
    private readonly parts: ReignParts,
    readonly catalogue: ModelCatalogue,
  ) {
    this.assigner = new Assigner(parts);
    this.attempts = new Attempts(parts, this.assigner);
    this.watch = new LeaseWatch(parts, this.attempts);
  }

  /** Takes over what an earlier reign has left. */
  resume(open: readonly OpenAssignment[]): void {
    const { board, config } = this.parts;
    const nowMs = performance.now();
    for (const assignment of open) board.resume(assignment, nowMs, config.LEASE_MS);
  }

  /** Begins nothing more; resolves when what was begun is done. */
  async rest(): Promise<void> {
    await this.watch.stop();
    await this.assigner.rest();
    await this.catalogue.settled();
  }

  async queue(fact: QueuedJobFact, meta: CommandMeta): Promise<void> {
    const { assignments, board, config } = this.parts;
    const { jobId, accountId, spec, deadlineAt } = fact;
    if (board.hasEnded(jobId) || board.get(jobId) !== undefined) return;
    const predictedGpuMs = board.speeds.predict(spec);
    const attemptsMax = config.ATTEMPTS_MAX;
    const queueing = { accountId, spec, deadlineAt, predictedGpuMs, attemptsMax };
    const handled = await assignments.handle(jobId, { type: 'QueueAssignment', ...queueing }, meta);
    const [recorded] = handled.events;
    if (handled.status !== 'appended' || recorded === undefined) {
      // Committed by an append of ours that nobody could answer for: the next reign reads it.
      const isMissing = handled.state.status === 'queued' && board.get(jobId) === undefined;
      if (isMissing) this.parts.abdicate(new Error(`job ${jobId} is queued but not on the board`));
      return;
    }
    const { eventId: cause, position: sequence, context, recordedAt: queuedAt } = recorded;
    const job = { jobId, accountId, spec, predictedGpuMs, cause, sequence, queuedAt };
    const traceparent = context.traceparent ?? null;
    const fresh = { attempt: 0, workerId: null, incarnation: null };
    board.enqueue(entryOf({ ...job, ...fresh, traceparent, deadlineAt: new Date(deadlineAt) }));
    this.assigner.seekWorker(spec.model);
  }

  /** Hears a worker: renews the leases that it names, tells it which are not its own, fills its slots. */
  hear(offer: Offer): z.input<typeof offerSlots.reply> {
    const { board, config, epoch } = this.parts;
    const nowMs = performance.now();
    this.catalogue.note(offer.models);
    for (const { name, gpuSecondsPerMegapixelStep } of offer.models) {
      board.speeds.suppose(name, gpuSecondsPerMegapixelStep);
    }
    const drop = offer.leases.filter((held) => !this.renew(offer.incarnation, held, nowMs));
    this.releaseLost(offer);
    const worker: Worker = board.roster.hear(offer, nowMs);
    this.assigner.match(worker);
    return { epoch, heartbeatMs: config.HEARTBEAT_MS, leaseMs: config.LEASE_MS, drop };
  }

  private renew(
    incarnation: string,
    held: { jobId: string; attempt: number },
    nowMs: number,
  ): boolean {
    const lease = this.parts.board.get(held.jobId)?.lease;
    if (lease?.attempt !== held.attempt || lease.incarnation !== incarnation) return false;
    lease.confirmed = true;
    lease.untilMs = Math.max(lease.untilMs, nowMs + this.parts.config.LEASE_MS);
    return true;
  }

  /** A lease of an earlier reign that its holder does not know of never reached it. */
  private releaseLost({ incarnation, leases }: Offer): void {
    const named = new Set(leases.map(({ jobId }) => jobId));
    for (const jobId of this.parts.board.roster.heldBy(incarnation)) {
      const entry = this.parts.board.get(jobId);
      if (entry?.lease?.resumed !== true || named.has(jobId)) continue;
      this.assigner.giveUp(entry, entry.lease, 'worker.never_had_it');
    }
  }
}
