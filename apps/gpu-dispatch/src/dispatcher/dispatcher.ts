import type { offerSlots } from '@safelight/contracts';
import type { z } from 'zod';
import type { PoolBook } from '../pools/pool-book.js';
import type { ModelCatalogue } from '../models/catalogue.js';
import type { Offer, Worker } from '../workers/roster.js';
import { belongingOf } from '../workers/belonging.js';
import { ServedOffers } from '../workers/served-offers.js';
import { Assigner } from './assigner.js';
import { Attempts } from './attempts.js';
import type { Lease } from './board.js';
import { Fallback } from './fallback.js';
import type { Inheritance } from './inheritance.js';
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
  private readonly served: ServedOffers;

  constructor(
    private readonly parts: ReignParts,
    readonly catalogue: ModelCatalogue,
    private readonly pools: PoolBook,
  ) {
    const { logger } = parts.telemetry;
    this.served = new ServedOffers((untaken) => logger.warn(untaken, 'offer of a refused name'));
    this.assigner = new Assigner(parts);
    this.intake = new Intake(parts, this.assigner);
    this.attempts = new Attempts(parts, this.assigner);
    const fallback = new Fallback(parts.board, { pools, catalogue }, (job) =>
      this.assigner.seekWorker(job),
    );
    this.watch = new LeaseWatch(parts, this.attempts, fallback);
  }

  /** Takes over what an earlier reign has left: whole, in the order of queueing. */
  resume(inherited: Inheritance): void {
    const { board, config } = this.parts;
    for (const { entry, holder, dueAt } of inherited.inOrder()) {
      if (holder !== undefined) board.resume(entry, holder, config.LEASE_MS);
      else if (dueAt === null) board.enqueue(entry);
      else {
        board.enter(entry);
        this.assigner.queueAgain(entry, dueAt.toISOString());
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
  hear(heard: Offer): z.input<typeof offerSlots.reply> {
    const offer = this.served.of(heard);
    const { board, config, epoch, supervision } = this.parts;
    const nowMs = performance.now();
    const isNew = board.roster.get(offer.incarnation) === undefined;
    const models = offer.models.map(({ name }) => name);
    this.pools.hear({ pool: offer.pool, models }, isNew, nowMs);
    this.catalogue.note(offer.pool, offer.models);
    for (const { name, gpuSecondsPerMegapixelStep } of offer.models) {
      board.speeds.suppose(name, gpuSecondsPerMegapixelStep);
    }
    const drop = offer.leases.filter((held) => !this.renew(offer.incarnation, held, nowMs));
    this.giveUpLost(offer);
    const belonging = belongingOf(offer, this.pools, this.catalogue);
    const restraint = supervision.restraintOf(offer.workerId, nowMs, offer.pool);
    const worker: Worker = board.roster.hear(offer, nowMs, restraint, belonging);
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
