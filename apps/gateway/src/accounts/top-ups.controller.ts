import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import type { TopUpRequest, TopUpResource, TopUpsQuery, TopUpView } from '@safelight/contracts';
import {
  encodeTopUpCursor,
  formatCents,
  formatCredits,
  listTopUps,
  newId,
  readTopUp,
  startTopUp,
  topUpId,
  topUpRequest,
  topUpsQuery,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { notFound } from '../http/refusals.js';
import { PUBLIC_URL } from '../tokens.js';

/** Buying credits. Who takes the money, if anybody does here, is billing's affair. */
@Controller('api/v1/account/top-ups')
export class TopUpsController {
  constructor(
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
  ) {}

  @Post()
  @Needs('account:write')
  async start(
    @TheCaller() { accountId }: Caller,
    @Body({ schema: topUpRequest }) body: TopUpRequest,
  ) {
    const { publicUrl } = this;
    const started = await this.services.request(startTopUp, {
      topUpId: newId('top'),
      ...{ accountId, publicUrl, package: body.package },
      saveMethod: body.save_payment_method,
      returnUrl: body.return_url ?? `${publicUrl}/docs`,
    });
    return { data: present(started), meta: {} };
  }

  @Get()
  @Needs('account:read')
  async list(
    @TheCaller() { accountId }: Caller,
    @Query({ schema: topUpsQuery }) { limit, cursor }: TopUpsQuery,
  ) {
    const asked = { accountId, limit, before: cursor ?? null };
    const { topUps, next } = await this.services.request(listTopUps, asked);
    const next_cursor = next === null ? null : encodeTopUpCursor(next);
    return { data: topUps.map(present), meta: { next_cursor } };
  }

  @Get(':id')
  @Needs('account:read')
  async get(@TheCaller() { accountId }: Caller, @Param('id') id: string) {
    if (!topUpId.safeParse(id).success) throw notFound();
    const view = await this.services.request(readTopUp, { accountId, topUpId: id });
    return { data: present(view), meta: {} };
  }
}

const present = (view: TopUpView): TopUpResource => ({
  id: view.id,
  status: view.status,
  package: view.package,
  origin: view.origin,
  credits: formatCredits(view.creditsMicros),
  usd: formatCents(view.amountCents),
  refunded_usd: formatCents(view.refundedCents),
  disputed_usd: formatCents(view.disputedCents),
  reason: view.reason,
  checkout_url: view.checkoutUrl,
  created_at: view.createdAt,
  paid_at: view.paidAt,
});
