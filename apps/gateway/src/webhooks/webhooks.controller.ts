import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import {
  enableWebhook,
  encodeCursor,
  getWebhook,
  listWebhooks,
  listWebhooksQuery,
  makeWebhookRequest,
  registerWebhook,
  removeWebhook,
  rotateWebhook,
  rotateWebhookRequest,
  testWebhook,
  webhookId,
  type ListWebhooksQuery,
  type MakeWebhookRequest,
  type RotateWebhookRequest,
  type SigningSecret,
  type WebhookEndpoint,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { notFound } from '../http/refusals.js';
import { presentSigning, presentWebhook } from './webhook.presenter.js';

/** An account's receivers of events. */
@Controller('api/v1/webhooks')
@Needs('webhooks:write')
export class WebhooksController {
  constructor(@Inject(RequestClient) private readonly services: RequestClient) {}

  @Post()
  @HttpCode(201)
  async make(
    @TheCaller() { accountId }: Caller,
    @Body({ schema: makeWebhookRequest }) body: MakeWebhookRequest,
  ) {
    return presentMade(await this.services.request(registerWebhook, { accountId, ...body }));
  }

  @Get()
  async list(
    @TheCaller() { accountId }: Caller,
    @Query({ schema: listWebhooksQuery }) { limit, cursor }: ListWebhooksQuery,
  ) {
    const asked = { accountId, limit, before: cursor ?? null };
    const { endpoints, next } = await this.services.request(listWebhooks, asked);
    return {
      data: endpoints.map(presentWebhook),
      meta: { next_cursor: next === null ? null : encodeCursor(next) },
    };
  }

  @Get(':id')
  async get(@TheCaller() caller: Caller, @Param('id') id: string) {
    const { endpoint } = await this.services.request(getWebhook, owned(caller, id));
    return { data: presentWebhook(endpoint), meta: {} };
  }

  @Delete(':id')
  async remove(@TheCaller() caller: Caller, @Param('id') id: string) {
    await this.services.request(removeWebhook, owned(caller, id));
    return { data: { id, deleted: true }, meta: {} };
  }

  @Post(':id/enable')
  @HttpCode(200)
  async enable(@TheCaller() caller: Caller, @Param('id') id: string) {
    const { endpoint } = await this.services.request(enableWebhook, owned(caller, id));
    return { data: presentWebhook(endpoint), meta: {} };
  }

  @Post(':id/rotate')
  @HttpCode(201)
  async rotate(
    @TheCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: rotateWebhookRequest }) body: RotateWebhookRequest,
  ) {
    const asked = { ...owned(caller, id), overlapSeconds: body.overlap_seconds };
    return presentMade(await this.services.request(rotateWebhook, asked));
  }

  @Post(':id/test')
  @HttpCode(202)
  async test(@TheCaller() caller: Caller, @Param('id') id: string) {
    const made = await this.services.request(testWebhook, owned(caller, id));
    return { data: { delivery_id: made.deliveryId, event_id: made.eventId }, meta: {} };
  }
}

/** An id that no webhook can have answers like a webhook that never was. */
export function owned({ accountId }: Caller, id: string) {
  if (!webhookId.safeParse(id).success) throw notFound();
  return { accountId, webhookId: id };
}

const presentMade = (made: { endpoint: WebhookEndpoint; signing: SigningSecret }) => ({
  data: { ...presentWebhook(made.endpoint), signing: presentSigning(made.signing) },
  meta: { notice: 'The secret is shown this once; keep it now.' },
});
