import { Controller, Inject } from '@nestjs/common';
import {
  attachWebhook,
  enableWebhook,
  getAccountSecret,
  getWebhook,
  listDeliveries,
  listWebhooks,
  redeliver,
  redeliverRange,
  registerWebhook,
  removeWebhook,
  rotateAccountSecret,
  rotateWebhook,
  testWebhook,
  webhookGaps,
  type Operation,
} from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type pg from 'pg';
import type { z } from 'zod';
import { Deliveries } from './deliveries/deliveries.js';
import { gapsOf } from './deliveries/gaps.js';
import { Endpoints } from './endpoints/endpoints.js';
import { Intake } from './intake/intake.js';
import { POOL } from './tokens.js';

type Request<Op extends Operation> = z.output<Op['request']>;

/** What the gateway asks for in the name of an account. */
@Controller()
export class WebhookController {
  constructor(
    @Inject(Endpoints) private readonly endpoints: Endpoints,
    @Inject(Deliveries) private readonly deliveries: Deliveries,
    @Inject(Intake) private readonly intake: Intake,
    @Inject(POOL) private readonly pool: pg.Pool,
  ) {}

  @Answers(registerWebhook)
  register(wanted: Request<typeof registerWebhook>) {
    return this.endpoints.register(wanted);
  }

  @Answers(listWebhooks)
  async list({ accountId, limit, before }: Request<typeof listWebhooks>) {
    const endpoints = await this.endpoints.list(accountId, limit, before);
    return { endpoints, next: endpoints.length < limit ? null : (endpoints.at(-1)?.id ?? null) };
  }

  @Answers(getWebhook)
  async get({ accountId, webhookId }: Request<typeof getWebhook>) {
    return { endpoint: await this.endpoints.get(accountId, webhookId) };
  }

  @Answers(removeWebhook)
  async remove({ accountId, webhookId }: Request<typeof removeWebhook>) {
    await this.endpoints.remove(accountId, webhookId);
    return {};
  }

  @Answers(enableWebhook)
  async enable({ accountId, webhookId }: Request<typeof enableWebhook>) {
    return { endpoint: await this.endpoints.enable(accountId, webhookId) };
  }

  @Answers(rotateWebhook)
  rotate({ accountId, webhookId, overlapSeconds }: Request<typeof rotateWebhook>) {
    return this.endpoints.rotate(accountId, webhookId, overlapSeconds);
  }

  @Answers(getAccountSecret)
  async accountSecret({ accountId }: Request<typeof getAccountSecret>) {
    return { signing: await this.endpoints.accountSecret(accountId) };
  }

  @Answers(rotateAccountSecret)
  async rotateAccountSecret(asked: Request<typeof rotateAccountSecret>) {
    const { accountId, overlapSeconds } = asked;
    return { signing: await this.endpoints.rotateAccountSecret(accountId, overlapSeconds) };
  }

  @Answers(attachWebhook)
  async attach({ jobId, mockStatus, ...wanted }: Request<typeof attachWebhook>) {
    const { accountId } = wanted;
    const id = await this.endpoints.attach(jobId, { ...wanted, description: '' });
    if (mockStatus !== null) {
      await this.intake.test({ accountId, id }, { jobId, status: mockStatus });
    }
    return { webhookId: id };
  }

  @Answers(testWebhook)
  test({ accountId, webhookId }: Request<typeof testWebhook>) {
    return this.intake.test({ accountId, id: webhookId });
  }

  @Answers(listDeliveries)
  async listDeliveries({ accountId, webhookId, ...page }: Request<typeof listDeliveries>) {
    const deliveries = await this.deliveries.list({ accountId, webhookId }, page);
    const isLast = deliveries.length < page.limit;
    return { deliveries, next: isLast ? null : (deliveries.at(-1)?.id ?? null) };
  }

  @Answers(redeliver)
  async redeliver({ accountId, webhookId, deliveryId }: Request<typeof redeliver>) {
    return { delivery: await this.deliveries.redeliver({ accountId, webhookId }, deliveryId) };
  }

  @Answers(redeliverRange)
  redeliverRange({ accountId, webhookId, ...range }: Request<typeof redeliverRange>) {
    return this.deliveries.redeliverRange({ accountId, webhookId }, range);
  }

  @Answers(webhookGaps)
  gaps(owned: Request<typeof webhookGaps>) {
    return gapsOf(this.pool, owned);
  }
}
