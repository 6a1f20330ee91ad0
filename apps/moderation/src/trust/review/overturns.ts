import { getJob, refundCharge, type JobView } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { CommandHandler, type EventStore } from '@safelight/event-store';
import type { RequestClient } from '@safelight/messaging';
import type pg from 'pg';
import { standingPolicyV1 } from '../../standing/standing-policy.v1.js';
import { StandingFiles } from '../../standing/standings.js';
import { review, type Review, type ReviewCommand, type ReviewEvent } from './review.js';
import { reviewStream } from './review.projection.js';

const dueText = `
  select a.appeal_id, a.decision_id, a.account_id, d.job_id
  from moderation.appeals a join moderation.decisions d on d.decision_id = a.decision_id
  where a.due order by a.appeal_id limit 100`;

interface Due {
  readonly appeal_id: string;
  readonly decision_id: string;
  readonly account_id: string;
  readonly job_id: string;
}

/** What people do with cases. */
export class ReviewFiles extends CommandHandler<ReviewCommand, ReviewEvent, Review> {
  constructor(store: EventStore) {
    super({ store, decider: review, streamOf: reviewStream });
  }
}

/**
 * What is owed for a job of which a refusal was wrong: all that was taken for one that delivered
 * nothing. Refusals are not charged (a prompt is refused before the hold, a refused output's part of
 * the price goes back with the settlement), so this is nothing unless something went wrong.
 */
export function owedMicros({ status, settlement }: Pick<JobView, 'status' | 'settlement'>): bigint {
  if (status === 'completed' || settlement === null) return 0n;
  return settlement.capturedMicros;
}

/** Sees to what follows an overturned refusal: the strike is erased, what is owed goes back. */
export class Overturns {
  private running: Promise<void> | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly store: EventStore,
    private readonly services: RequestClient,
  ) {}

  /** Rejects when somebody does not answer; it is done the next time. */
  carryOut(): Promise<void> {
    this.running ??= this.run().finally(() => (this.running = undefined));
    return this.running;
  }

  private async run(): Promise<void> {
    const { rows } = await this.pool.query<Due>({ name: 'due-overturns', text: dueText });
    for (const due of rows) await this.carry(due);
  }

  private async carry(due: Due): Promise<void> {
    const { appeal_id: appealId, decision_id: decisionId, account_id: accountId } = due;
    const at = new Date().toISOString();
    const context = { correlationId: appealId, causationId: appealId };
    const facts = { decisionId, by: appealId, reason: 'overturned on appeal' };
    const command = { type: 'EraseStrike', at, policy: standingPolicyV1, ...facts } as const;
    const standings = new StandingFiles(this.store);
    await standings.handle(accountId, command, { commandId: `erase:${decisionId}`, context });
    const refundedMicros = String(await this.refund(due));
    const record = { type: 'RecordOverturn', at, refundedMicros } as const;
    const reviews = new ReviewFiles(this.store);
    await reviews.handle(appealId, record, { commandId: 'overturn-carried-out', context });
  }

  /** Billing does it once for the appeal, however often it is asked. */
  private async refund({ appeal_id, job_id: jobId, account_id: accountId }: Due): Promise<bigint> {
    const context = { correlationId: appeal_id, causationId: appeal_id };
    const amountMicros = await this.owed(jobId, accountId);
    if (amountMicros === 0n) return 0n;
    const refundId = `overturned:${appeal_id}`;
    const asked = { refundId, holdId: jobId, amountMicros, reason: 'refusal_overturned' };
    await this.services.request(refundCharge, asked, { context });
    return amountMicros;
  }

  private async owed(jobId: string, accountId: string): Promise<bigint> {
    try {
      return owedMicros(await this.services.request(getJob, { jobId, accountId }));
    } catch (error) {
      // A prompt that was refused never became a job.
      if (error instanceof DomainError && error.code === 'job.not_found') return 0n;
      throw error;
    }
  }
}
