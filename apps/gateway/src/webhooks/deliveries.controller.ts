import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  deliveryId as deliveryIdSchema,
  encodeCursor,
  listDeliveries,
  listDeliveriesQuery,
  redeliver,
  redeliverRange,
  redeliverRangeRequest,
  webhookGaps,
  type GapReport,
  type ListDeliveriesQuery,
  type RedeliverRangeRequest,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { notFound } from '../http/refusals.js';
import { presentDelivery } from './webhook.presenter.js';
import { owned } from './webhooks.controller.js';

/** What became of the events of one receiver, and sending them again. */
@Controller('api/v1/webhooks/:id')
@Needs('webhooks:write')
export class DeliveriesController {
  constructor(@Inject(RequestClient) private readonly services: RequestClient) {}

  @Get('deliveries')
  async list(
    @TheCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: listDeliveriesQuery }) { limit, cursor, state }: ListDeliveriesQuery,
  ) {
    const page = { limit, before: cursor ?? null, state: state ?? null };
    const asked = { ...owned(caller, id), ...page };
    const { deliveries, next } = await this.services.request(listDeliveries, asked);
    return {
      data: deliveries.map(presentDelivery),
      meta: { next_cursor: next === null ? null : encodeCursor(next) },
    };
  }

  @Post('deliveries/:delivery/redeliver')
  @HttpCode(202)
  async one(
    @TheCaller() caller: Caller,
    @Param('id') id: string,
    @Param('delivery') deliveryId: string,
  ) {
    if (!deliveryIdSchema.safeParse(deliveryId).success) throw notFound();
    const asked = { ...owned(caller, id), deliveryId };
    const { delivery } = await this.services.request(redeliver, asked);
    return { data: presentDelivery(delivery), meta: {} };
  }

  @Post('redeliver')
  @HttpCode(202)
  async range(
    @TheCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: redeliverRangeRequest }) body: RedeliverRangeRequest,
  ) {
    const { count, truncated } = await this.services.request(redeliverRange, {
      ...owned(caller, id),
      since: utc(body.since),
      until: utc(body.until),
      fromNumber: body.from_number ?? null,
      toNumber: body.to_number ?? null,
      missingOnly: body.missing_only,
    });
    return { data: { count, truncated }, meta: {} };
  }

  @Get('gaps')
  async gaps(@TheCaller() caller: Caller, @Param('id') id: string) {
    const gaps = await this.services.request(webhookGaps, owned(caller, id));
    const data: GapReport = {
      from_number: gaps.fromNumber,
      to_number: gaps.toNumber,
      missing_count: gaps.missingCount,
      missing: gaps.missing,
      pending_count: gaps.pendingCount,
    };
    return { data, meta: {} };
  }
}

const utc = (time: string | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString();
