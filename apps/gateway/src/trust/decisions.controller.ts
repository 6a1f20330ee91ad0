import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { Appeal, AppealRequest, DecisionResource } from '@safelight/contracts';
import {
  appealDecision,
  appealRequest,
  decisionId,
  getDecision,
  getReceiptKeys,
  statementOfReasons,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Needs, Public, TheCaller } from '../admission/admission.guard.js';
import { PerAddress } from '../admission/per-address.js';
import type { Caller } from '../admission/scope.js';
import { notFound } from '../http/refusals.js';

/** Receipts of policy decisions, the keys to verify them by, and appeals. */
@Controller('api/v1/decisions')
export class DecisionsController {
  constructor(@Inject(RequestClient) private readonly services: RequestClient) {}

  @Get('keys')
  @Public()
  @PerAddress(60)
  async keys() {
    const { keys } = await this.services.request(getReceiptKeys, {});
    const data = keys.map(({ keyId, publicKey }) => ({
      ...{ key_id: keyId, algorithm: 'Ed25519', public_key: publicKey, signs: SIGNED },
    }));
    return { data, meta: {} };
  }

  @Get(':id')
  @Needs('jobs:read')
  async one(
    @TheCaller() { accountId }: Caller,
    @Param('id') id: string,
  ): Promise<{ data: DecisionResource; meta: object }> {
    const asked = { decisionId: known(id), accountId };
    const { receipt, appealable, appeal } = await this.services.request(getDecision, asked);
    const data = {
      ...{ id: receipt.decisionId, stage: receipt.stage, verdict: receipt.verdict },
      job_id: receipt.jobId,
      policy_version: receipt.policyVersion,
      rule_id: receipt.ruleId,
      category: receipt.category,
      decided_at: receipt.decidedAt,
      appealable,
      appeal: appeal && presentAppeal(appeal),
      statement_of_reasons: statementOfReasons(receipt),
      receipt,
    };
    return { data, meta: {} };
  }

  @Post(':id/appeal')
  @HttpCode(201)
  @Needs('jobs:read')
  async appeal(
    @TheCaller() { accountId, keyId }: Caller,
    @Param('id') id: string,
    @Body({ schema: appealRequest }) { statement }: AppealRequest,
  ) {
    const asked = { decisionId: known(id), accountId, keyId, statement };
    return { data: presentAppeal(await this.services.request(appealDecision, asked)), meta: {} };
  }
}

const SIGNED = 'every field of the receipt but signature, as JSON with sorted keys (RFC 8785)';

const presentAppeal = ({ appealId, state, createdAt }: Appeal) => ({
  id: appealId,
  state,
  created_at: createdAt,
});

/** An id that no decision can have answers like a decision that never was. */
function known(id: string): string {
  if (!decisionId.safeParse(id).success) throw notFound();
  return id;
}
