import { Controller, Inject } from '@nestjs/common';
import { completeAttempt, failAttempt, offerSlots, stopAttempt } from '@safelight/contracts';
import { Answers, type Delivery } from '@safelight/messaging';
import type { z } from 'zod';
import { Dispatcher } from '../dispatcher/dispatcher.js';
import type { Offer } from './roster.js';

/** What workers say. */
@Controller()
export class WorkerController {
  constructor(@Inject(Dispatcher) private readonly dispatcher: Dispatcher) {}

  @Answers(offerSlots)
  offer(offer: Offer): z.input<typeof offerSlots.reply> {
    return this.dispatcher.hear(offer);
  }

  @Answers(completeAttempt)
  async complete(
    report: z.output<typeof completeAttempt.request>,
    { context }: Delivery,
  ): Promise<{ accepted: boolean }> {
    return { accepted: await this.dispatcher.attempts.complete(report, context) };
  }

  @Answers(failAttempt)
  async fail(
    report: z.output<typeof failAttempt.request>,
    { context }: Delivery,
  ): Promise<{ accepted: boolean }> {
    return { accepted: await this.dispatcher.attempts.fail(report, context) };
  }

  @Answers(stopAttempt)
  async stop(
    report: z.output<typeof stopAttempt.request>,
    { context }: Delivery,
  ): Promise<{ accepted: boolean }> {
    return { accepted: await this.dispatcher.attempts.stop(report, context) };
  }
}
