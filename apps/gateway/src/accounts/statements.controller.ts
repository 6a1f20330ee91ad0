import { Controller, Get, Inject, Query } from '@nestjs/common';
import type {
  LedgerEntry,
  LedgerEntryResource,
  LedgerQuery,
  UsageQuery,
} from '@safelight/contracts';
import {
  encodeLedgerCursor,
  formatCredits,
  getUsage,
  ledgerQuery,
  readLedger,
  usageQuery,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { entryTypes } from '../jobs/charge.presenter.js';

/** Where an account's credits came from and went. */
@Controller('api/v1/account')
export class StatementsController {
  constructor(@Inject(RequestClient) private readonly services: RequestClient) {}

  @Get('ledger')
  @Needs('account:read')
  async ledger(
    @TheCaller() { accountId }: Caller,
    @Query({ schema: ledgerQuery }) { limit, cursor, as_of }: LedgerQuery,
  ) {
    const asOf = as_of ?? null;
    const asked = { accountId, limit, before: cursor ?? null, asOf };
    const { entries, next, balance } = await this.services.request(readLedger, asked);
    return {
      data: entries.map(presentEntry),
      meta: {
        next_cursor: next === null ? null : encodeLedgerCursor(next),
        balance: presentBalance(balance),
        as_of: asOf,
      },
    };
  }

  @Get('usage')
  @Needs('account:read')
  async usage(
    @TheCaller() { accountId }: Caller,
    @Query({ schema: usageQuery }) { from, to }: UsageQuery,
  ) {
    const { rows } = await this.services.request(getUsage, { accountId, from, to });
    return {
      data: rows.map(({ day, model, keyId, jobs, completed, capturedMicros }) => ({
        ...{ day, model, key_id: keyId, jobs, completed },
        credits: formatCredits(capturedMicros),
      })),
      meta: { from, to, next_cursor: null },
    };
  }
}

const presentBalance = ({ availableMicros, heldMicros }: LedgerEntry['balance']) => ({
  available: formatCredits(availableMicros),
  held: formatCredits(heldMicros),
});

const presentEntry = (entry: LedgerEntry): LedgerEntryResource => ({
  sequence: entry.sequence,
  type: entryTypes[entry.kind],
  job_id: entry.jobId,
  subject: entry.subject,
  available_change: formatCredits(entry.availableMicros),
  held_change: formatCredits(entry.heldMicros),
  balance: presentBalance(entry.balance),
  reason: entry.reason,
  at: entry.recordedAt,
});
