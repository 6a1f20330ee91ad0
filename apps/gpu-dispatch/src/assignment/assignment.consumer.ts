import { Controller, Inject } from '@nestjs/common';
import { jobEnded, jobQueued } from '@safelight/contracts';
import type { CommandMeta } from '@safelight/event-store';
import { Handles, type Delivery } from '@safelight/messaging';
import type { z } from 'zod';
import { Dispatcher } from '../dispatcher/dispatcher.js';

const DURABLE = 'dispatch-jobs';

/** What the orchestrator publishes about jobs, through the inbox. */
@Controller()
export class AssignmentConsumer {
  constructor(@Inject(Dispatcher) private readonly dispatcher: Dispatcher) {}

  @Handles(jobQueued, DURABLE)
  async queued(job: z.output<typeof jobQueued.data>, delivery: Delivery): Promise<void> {
    await this.dispatcher.intake.take(job, metaOf(delivery));
  }

  @Handles(jobEnded, DURABLE)
  async ended(job: z.output<typeof jobEnded.data>, delivery: Delivery): Promise<void> {
    await this.dispatcher.attempts.withdraw(job.jobId, job.status, metaOf(delivery));
  }
}

const metaOf = ({ messageId, context }: Delivery): CommandMeta => ({
  commandId: messageId,
  context,
  inbox: { consumer: DURABLE, messageId },
});
