import { Controller, Inject } from '@nestjs/common';
import {
  attemptCompleted,
  attemptFailed,
  attemptStarted,
  attemptStopped,
} from '@safelight/contracts';
import type { Delivery } from '@safelight/messaging';
import { Handles, Unavailable } from '@safelight/messaging';
import type { z } from 'zod';
import { GenerationRunner } from '../generation/generation.runner.js';
import type { JobCommand } from './job.js';
import { contextOf, Jobs } from './job.handler.js';

const DURABLE = 'orchestrator-attempts';
/** Below the number of deliveries after which a message would be parked as a dead letter. */
const TRIES_BEFORE_SWEEP = 4;

/**
 * What the dispatcher tells about attempts. The inbox row is written with the first effect; the
 * message is acknowledged after all that it makes due is committed. A second delivery therefore
 * records nothing, but goes on with what a crash left undone.
 */
@Controller()
export class JobConsumer {
  constructor(
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(GenerationRunner) private readonly generation: GenerationRunner,
  ) {}

  @Handles(attemptStarted, DURABLE)
  async started(data: z.output<typeof attemptStarted.data>, delivery: Delivery): Promise<void> {
    await this.take(data, [], delivery);
  }

  @Handles(attemptCompleted, DURABLE)
  async completed(data: z.output<typeof attemptCompleted.data>, delivery: Delivery): Promise<void> {
    const { attempt, gpuMs, outputs } = data;
    await this.take(data, [{ type: 'ReportOutputs', attempt, gpuMs, outputs }], delivery);
  }

  /** The worker's words stay out of events: they may quote the prompt. */
  @Handles(attemptFailed, DURABLE)
  async failed(data: z.output<typeof attemptFailed.data>, delivery: Delivery): Promise<void> {
    const { attempt, code, final, gpuMs } = data;
    const used = gpuMs === null ? {} : { gpuMs };
    await this.take(data, [{ type: 'FailAttempt', attempt, code, final, ...used }], delivery);
  }

  @Handles(attemptStopped, DURABLE)
  async stopped(data: z.output<typeof attemptStopped.data>, delivery: Delivery): Promise<void> {
    const { attempt, gpuMs } = data;
    await this.take(data, [{ type: 'StopAttempt', attempt, gpuMs }], delivery);
  }

  /** All news of an attempt is news of its start too, for a job that has not heard of it. */
  private async take(
    { jobId, attempt, workerId, startedAt, placement }: z.output<typeof attemptStarted.data>,
    news: JobCommand[],
    delivery: Delivery,
  ): Promise<void> {
    const { messageId } = delivery;
    const begun = { attempt, workerId, startedAt, ...(placement && { placement }) };
    const start: JobCommand = { type: 'StartAttempt', ...begun };
    const context = contextOf(jobId, delivery.context);
    const inbox = { consumer: DURABLE, messageId };
    const { state } = await this.jobs.handle(jobId, [start, ...news], {
      commandId: messageId,
      context,
      inbox,
    });
    try {
      await this.generation.run(jobId, state, context);
    } catch (error) {
      // Not this message's fault, and its effect is recorded: from here the sweep tries again.
      if (!(error instanceof Unavailable) || delivery.attempt < TRIES_BEFORE_SWEEP) throw error;
    }
  }
}
