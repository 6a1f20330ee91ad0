import { Controller, Inject } from '@nestjs/common';
import {
  listTopUps,
  playPayment,
  readLifetimePaid,
  readTopUp,
  receivePaymentEvent,
  startTopUp,
} from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { Payments } from './payments.js';

/** Buying credits, as the gateway asks for it. */
@Controller()
export class PaymentsController {
  constructor(@Inject(Payments) private readonly payments: Payments) {}

  @Answers(startTopUp)
  start(request: z.output<typeof startTopUp.request>) {
    return this.payments.start(request);
  }

  @Answers(readTopUp)
  read({ accountId, topUpId }: z.output<typeof readTopUp.request>) {
    return this.payments.read(accountId, topUpId);
  }

  @Answers(listTopUps)
  list({ accountId, limit, before }: z.output<typeof listTopUps.request>) {
    return this.payments.list(accountId, limit, before);
  }

  @Answers(readLifetimePaid)
  async lifetimePaid({ accountId }: z.output<typeof readLifetimePaid.request>) {
    return { lifetimePaidCents: await this.payments.lifetimePaidCents(accountId) };
  }

  @Answers(receivePaymentEvent)
  async receive({ body, signature }: z.output<typeof receivePaymentEvent.request>) {
    return { outcome: await this.payments.receive(Buffer.from(body, 'base64'), signature) };
  }

  @Answers(playPayment)
  async play({ topUpId, token, outcome }: z.output<typeof playPayment.request>) {
    return { status: await this.payments.play(topUpId, token, outcome) };
  }
}
