import { Body, Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { PlayPaymentRequest } from '@safelight/contracts';
import { playPayment, playPaymentRequest, receivePaymentEvent } from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import type { FastifyRequest } from 'fastify';
import { Public } from '../admission/admission.guard.js';
import { eventNotSigned } from '../http/refusals.js';

const SIGNATURE_MAX = 2_048;

/** What the payment provider calls. Billing alone can tell whether it was the provider. */
@Controller('api/v1/payments')
export class PaymentsController {
  constructor(@Inject(RequestClient) private readonly services: RequestClient) {}

  /** Answers once the event is committed: an error makes Stripe send it again. */
  @Post('stripe/events')
  @HttpCode(200)
  @Public()
  async receive(@Req() { body, headers }: FastifyRequest) {
    const signature = headers['stripe-signature'];
    if (!Buffer.isBuffer(body) || typeof signature !== 'string') throw eventNotSigned();
    if (signature.length > SIGNATURE_MAX) throw eventNotSigned();
    const event = { body: body.toString('base64'), signature };
    const { outcome } = await this.services.request(receivePaymentEvent, event);
    return { data: { outcome }, meta: {} };
  }

  /** `checkout` is the id of a top-up and its token. */
  @Post('development/:checkout')
  @HttpCode(200)
  @Public()
  async play(
    @Param('checkout') checkout: string,
    @Body({ schema: playPaymentRequest.prefault({}) }) { outcome }: PlayPaymentRequest,
  ) {
    const [topUpId = '', token = ''] = checkout.split('.');
    const { status } = await this.services.request(playPayment, { topUpId, token, outcome });
    return { data: { status }, meta: {} };
  }
}
