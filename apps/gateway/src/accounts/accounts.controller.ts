import { Controller, Get, Inject } from '@nestjs/common';
import type { AccountResource, ComposedBalance } from '@safelight/contracts';
import {
  formatCredits,
  getBalance,
  getUsage,
  grantCredits,
  openAccount,
} from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Answers, RequestClient } from '@safelight/messaging';
import type { z } from 'zod';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { Accounts } from './accounts.js';

@Controller('api/v1/account')
export class AccountsController {
  constructor(
    @Inject(Accounts) private readonly accounts: Accounts,
    @Inject(RequestClient) private readonly services: RequestClient,
  ) {}

  @Get()
  @Needs('account:read')
  async account(
    @TheCaller() { accountId }: Caller,
  ): Promise<{ data: AccountResource; meta: object }> {
    const now = new Date();
    const [record, credits, usage] = await Promise.all([
      this.accounts.describe(accountId),
      this.credits(accountId),
      this.usageOf(accountId, now),
    ]);
    const { name, plan, key_per_minute, account_per_minute, weight } = record;
    const { open_jobs_max: open_jobs, running_jobs_max: running_jobs } = record;
    const limits = { key_per_minute, account_per_minute, open_jobs, running_jobs, weight };
    return { data: { id: accountId, name, credits, plan, limits, usage }, meta: {} };
  }

  @Answers(openAccount)
  async open(
    request: z.output<typeof openAccount.request>,
  ): Promise<z.input<typeof openAccount.reply>> {
    const opened = await this.accounts.open(request.accountId, request.name, request.plan);
    if (request.grantMicros === 0n) return opened;
    // Permanent id: opening the same account again never grants twice.
    await this.services.request(grantCredits, {
      grantId: `welcome:${request.accountId}`,
      accountId: request.accountId,
      amountMicros: request.grantMicros,
      reason: 'opening grant',
    });
    return opened;
  }

  /** An account that never had credits has none. */
  private async credits(accountId: string): Promise<AccountResource['credits']> {
    try {
      const balance = await this.services.request(getBalance, { accountId });
      return presentCredits(balance);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'account.unknown') throw error;
      return presentCredits(NOTHING);
    }
  }

  /** Of the calendar month, in UTC. */
  private async usageOf(accountId: string, now: Date): Promise<AccountResource['usage']> {
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth())).toISOString();
    // Jobs are dated by the database's clock, which may be ahead of this one.
    const to = new Date(now.getTime() + CLOCKS_APART_MS).toISOString();
    const { rows } = await this.services.request(getUsage, { accountId, from, to });
    const sum = (of: (row: (typeof rows)[number]) => number) =>
      rows.reduce((total, row) => total + of(row), 0);
    const spent = rows.reduce((total, row) => total + row.capturedMicros, 0n);
    return {
      period_start: from,
      jobs: sum(({ jobs }) => jobs),
      completed: sum(({ completed }) => completed),
      credits: formatCredits(spent),
    };
  }
}

const CLOCKS_APART_MS = 60_000;

const NOTHING: ComposedBalance = {
  ...{ availableMicros: 0n, heldMicros: 0n, paidMicros: 0n, promotionalMicros: 0n },
  nextExpiry: null,
};

function presentCredits(balance: ComposedBalance): AccountResource['credits'] {
  const { nextExpiry } = balance;
  return {
    available: formatCredits(balance.availableMicros),
    held: formatCredits(balance.heldMicros),
    paid: formatCredits(balance.paidMicros),
    promotional: formatCredits(balance.promotionalMicros),
    next_expiry: nextExpiry && { at: nextExpiry.at, credits: formatCredits(nextExpiry.micros) },
  };
}
