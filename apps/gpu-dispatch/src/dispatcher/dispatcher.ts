import type { offerSlots } from '@safelight/contracts';
import type { z } from 'zod';
import type { OpenAssignment } from '../assignment/open-assignments.sql.js';
import type { PoolBook } from '../pools/pool-book.js';
import type { ModelCatalogue } from '../models/catalogue.js';
import type { Offer, Worker } from '../workers/roster.js';
import { Assigner } from './assigner.js';
import { Attempts } from './attempts.js';
import { entryOf, type Lease } from './board.js';
import { Intake } from './intake.js';
import { LeaseWatch } from './lease-watch.js';
import type { ReignParts } from './reign-parts.js';

/** Offers in a row that do not name a lease: the first may have been written before it was given. */
const UNNAMED_MAX = 2;

/** The queue, the workers, and what joins them, in one reign. */
export class Dispatcher {
  readonly intake: Intake;
  readonly attempts: Attempts;
  readonly watch: LeaseWatch;
  private readonly assigner: Assigner;

  constructor(
    private readonly parts: ReignParts,
    readonly catalogue: ModelCatalogue,
    private readonly pools: PoolBook,
  ) {
    this.assigner = new Assigner(parts);
    this.intake = new Intake(parts, this.assigner);
    this.attempts = new Attempts(parts, this.assigner);
    this.watch = new LeaseWatch(parts, this.attempts);
  }

  /** Takes over what an earlier reign has left. */
  resume(open: readonly OpenAssignment[]): void {
    const { assignments, board, config } = this.parts;
    assignments.recallQueued(open.filter(({ attempt }) => attempt === 0));
    for (const assignment of open) {
      const entry = entryOf(assignment);
      const { attempt, workerId, incarnation, dueAt } = assignment;
      if (workerId !== null && incarnation !== null) {
        board.resume(entry, { attempt, workerId, incarnation }, config.LEASE_MS);
      } else {
        board.enter(entry);
        this.assigner.queueAgain(entry, dueAt?.toISOString() ?? null);
      }
    }
  }

  /** Begins nothing more; resolves when what was begun is done. */
  async rest(): Promise<void> {
    this.assigner.rest();
    this.parts.alarms.close();
    this.parts.retries.close();
    await this.watch.stop();
    await this.parts.supervision.stop();
    await this.parts.background.settled();
    await this.catalogue.settled();
  }

  /** Hears a worker: renews the leases that it names, tells it which are not its own, fills its slots. */
  hear(offer: Offer): z.input<typeof offerSlots.reply> {
    const { board, config, epoch, supervision } = this.parts;
    const nowMs = performance.now();
    const isNew = board.roster.get(offer.incarnation) === undefined;
    const models = offer.models.map(({ name }) => name);
    this.pools.hear({ pool: offer.pool, models }, isNew, nowMs);
    this.catalogue.note(offer.models);
    for (const { name, gpuSecondsPerMegapixelStep } of offer.models) {
      board.speeds.suppose(name, gpuSecondsPerMegapixelStep);
    }
    const drop = offer.leases.filter((held) => !this.renew(offer.incarnation, held, nowMs));
    this.giveUpLost(offer);
    const restraint = supervision.restraintOf(offer.workerId, nowMs, offer.pool);
    const worker: Worker = board.roster.hear(offer, nowMs, restraint);
    supervision.heard(worker, offer);
    this.assigner.match(worker);
    const quarantined = supervision.noticeFor(offer.workerId);
    const { HEARTBEAT_MS: heartbeatMs, LEASE_MS: leaseMs } = config;
    return { epoch, heartbeatMs, leaseMs, drop, quarantined };
  }

  private renew(
    incarnation: string,
    held: { jobId: string; attempt: number },
    nowMs: number,
  ): boolean {
    const { background, board, config } = this.parts;
    const entry = board.get(held.jobId);
    const lease = entry?.lease;
    if (lease?.attempt !== held.attempt || lease.incarnation !== incarnation) return false;
    // The reign that gave it may not have told of its start.
    if (lease.resumed && !lease.confirmed && entry !== undefined) {
      background.begin(this.assigner.announce(entry, lease));
    }
    lease.confirmed = true;
    lease.unnamed = 0;
    lease.untilMs = Math.max(lease.untilMs, nowMs + config.LEASE_MS);
    return true;
  }

  /** What a worker has lost, in an outage for example, need not wait for the end of its lease. */
  private giveUpLost({ incarnation, leases }: Offer): void {
    const { background, board } = this.parts;
    const named = new Set(leases.map(({ jobId }) => jobId));
    for (const jobId of board.roster.heldBy(incarnation)) {
      const entry = board.get(jobId);
      if (entry?.lease === undefined || named.has(jobId) || !isLost(entry.lease)) continue;
      background.begin(this.attempts.lose(entry, entry.lease));
    }
  }
}

function isLost(lease: Lease): boolean {
  if (lease.resumed) return true;
  // While it is being handed over its own answer decides.
  if (!lease.confirmed) return false;
  lease.unnamed += 1;
  return lease.unnamed >= UNNAMED_MAX;
}
