import { Controller, Inject } from '@nestjs/common';
import { jobEnded, jobQueued, jobStarted, type JobStatus } from '@safelight/contracts';
import { Handles, type Delivery } from '@safelight/messaging';
import type { z } from 'zod';
import { Stores } from '../storage/stores.js';
import { Intake } from './intake.js';
import { typeOf, type News } from './news.js';

const DURABLE = 'webhook-events';

/** What the orchestrator publishes about jobs, through the inbox. */
@Controller()
export class JobEventsConsumer {
  constructor(
    @Inject(Intake) private readonly intake: Intake,
    @Inject(Stores) private readonly stores: Stores,
  ) {}

  @Handles(jobQueued, DURABLE)
  async queued(job: z.output<typeof jobQueued.data>, delivery: Delivery): Promise<void> {
    await this.intake.take(newsOf(job, 'pending', delivery));
  }

  @Handles(jobStarted, DURABLE)
  async started(job: z.output<typeof jobStarted.data>, delivery: Delivery): Promise<void> {
    const news = newsOf(job, 'processing', delivery);
    await this.intake.take({ ...news, occurredAt: job.startedAt });
  }

  @Handles(jobEnded, DURABLE)
  async ended(job: z.output<typeof jobEnded.data>, delivery: Delivery): Promise<void> {
    const news = { ...newsOf(job, job.status, delivery), occurredAt: job.endedAt };
    await Promise.all([this.stores.ended(job), this.intake.take(news)]);
  }
}

const newsOf = (
  { jobId, accountId, sequence }: { jobId: string; accountId: string; sequence: number },
  status: JobStatus,
  { messageId, recordedAt }: Delivery,
): News => ({
  messageId,
  accountId,
  jobId,
  type: typeOf[status],
  status,
  sequence,
  occurredAt: recordedAt ?? new Date().toISOString(),
});
