import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import {
  getAccountSecret,
  rotateAccountSecret,
  rotateWebhookRequest,
  type RotateWebhookRequest,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { presentSigning } from './webhook.presenter.js';

/** What the webhooks of an account's single jobs are signed with. Can be read again. */
@Controller('api/v1/webhooks/secret')
@Needs('webhooks:write')
export class WebhookSecretController {
  constructor(@Inject(RequestClient) private readonly services: RequestClient) {}

  @Get()
  async get(@TheCaller() { accountId }: Caller) {
    const { signing } = await this.services.request(getAccountSecret, { accountId });
    return { data: presentSigning(signing), meta: {} };
  }

  @Post('rotate')
  @HttpCode(201)
  async rotate(
    @TheCaller() { accountId }: Caller,
    @Body({ schema: rotateWebhookRequest }) body: RotateWebhookRequest,
  ) {
    const asked = { accountId, overlapSeconds: body.overlap_seconds };
    const { signing } = await this.services.request(rotateAccountSecret, asked);
    return { data: presentSigning(signing), meta: {} };
  }
}
