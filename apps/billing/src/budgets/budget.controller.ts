import { Controller, Inject } from '@nestjs/common';
import { readBudgets, setBudget } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import { CustomerReads } from '@safelight/postgres';
import type { z } from 'zod';
import { endOf } from '../ledger/budgets.js';
import { Ledger } from '../ledger/ledger.writer.js';
import { readStandingBudgets } from './budgets.sql.js';

/** What an account and its keys may spend; the ledger enforces it with every hold. */
@Controller()
export class BudgetController {
  constructor(
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(CustomerReads) private readonly reads: CustomerReads,
  ) {}

  @Answers(setBudget)
  async set(request: z.output<typeof setBudget.request>): Promise<z.input<typeof setBudget.reply>> {
    const { budget, nowMs } = await this.ledger.execute({ type: 'SetBudget', ...request });
    return { budget: budget ?? { ...none, keyId: request.keyId }, ...periodsAt(nowMs) };
  }

  @Answers(readBudgets)
  async read({
    accountId,
  }: z.output<typeof readBudgets.request>): Promise<z.input<typeof readBudgets.reply>> {
    const { budgets, nowMs } = await readStandingBudgets(this.reads, accountId);
    return { budgets: [...budgets], ...periodsAt(nowMs) };
  }
}

const none = { dailyMicros: null, monthlyMicros: null, todayMicros: 0n, thisMonthMicros: 0n };

const periodsAt = (nowMs: number) => ({
  dayEndsAt: new Date(endOf('day', nowMs)).toISOString(),
  monthEndsAt: new Date(endOf('month', nowMs)).toISOString(),
});
