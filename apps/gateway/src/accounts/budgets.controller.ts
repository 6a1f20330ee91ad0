import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import type {
  Budget,
  BudgetRequest,
  BudgetResource,
  BudgetsResource,
  readBudgets as readBudgetsOperation,
} from '@safelight/contracts';
import {
  budgetRequest,
  formatCredits,
  newId,
  parseCredits,
  readBudgets,
  setBudget,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import type { z } from 'zod';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { Keys } from '../keys/keys.js';

type Standing = z.output<typeof readBudgetsOperation.reply>;
type Periods = Pick<Standing, 'dayEndsAt' | 'monthEndsAt'>;

/** What an account and its keys may spend in a day and a month; billing enforces it. */
@Controller('api/v1')
export class BudgetsController {
  constructor(
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(Keys) private readonly keys: Keys,
  ) {}

  @Get('account/budgets')
  @Needs('account:read')
  async all(@TheCaller() { accountId }: Caller): Promise<{ data: BudgetsResource; meta: object }> {
    const standing = await this.services.request(readBudgets, { accountId });
    const keys = standing.budgets.flatMap((budget) =>
      budget.keyId === null ? [] : [{ key_id: budget.keyId, ...present(budget, standing) }],
    );
    return { data: { ...presentOf(standing, null), keys }, meta: {} };
  }

  @Put('account/budgets')
  @Needs('account:write')
  limitAccount(
    @TheCaller() caller: Caller,
    @Body({ schema: budgetRequest }) body: BudgetRequest,
  ): Promise<{ data: BudgetResource; meta: object }> {
    return this.limit(caller, null, body);
  }

  @Get('keys/:id/budget')
  @Needs('account:read')
  async ofKey(@TheCaller() caller: Caller, @Param('id') id: string) {
    const { accountId } = caller;
    const spendsAs = await this.keys.spendsAs(caller, id);
    const standing = await this.services.request(readBudgets, { accountId });
    return { data: presentOf(standing, spendsAs), meta: {} };
  }

  @Put('keys/:id/budget')
  @Needs('account:write')
  async limitKey(
    @TheCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: budgetRequest }) body: BudgetRequest,
  ) {
    return this.limit(caller, await this.keys.spendsAs(caller, id), body);
  }

  private async limit(caller: Caller, keyId: string | null, { daily, monthly }: BudgetRequest) {
    const { accountId, keyId: by } = caller;
    const changed = await this.services.request(setBudget, {
      ...{ changeId: newId('bud'), accountId, keyId, by },
      dailyMicros: daily === null ? null : parseCredits(daily),
      monthlyMicros: monthly === null ? null : parseCredits(monthly),
    });
    return { data: present(changed.budget, changed), meta: {} };
  }
}

/** As it is until somebody sets one. */
const none: Omit<Budget, 'keyId'> = {
  dailyMicros: null,
  monthlyMicros: null,
  todayMicros: 0n,
  thisMonthMicros: 0n,
};

const presentOf = (standing: Standing, keyId: string | null): BudgetResource =>
  present(standing.budgets.find((budget) => budget.keyId === keyId) ?? none, standing);

const present = (budget: Omit<Budget, 'keyId'>, ends: Periods): BudgetResource => ({
  daily: {
    limit: inCredits(budget.dailyMicros),
    spent: formatCredits(budget.todayMicros),
    resets_at: ends.dayEndsAt,
  },
  monthly: {
    limit: inCredits(budget.monthlyMicros),
    spent: formatCredits(budget.thisMonthMicros),
    resets_at: ends.monthEndsAt,
  },
});

const inCredits = (micros: bigint | null): string | null =>
  micros === null ? null : formatCredits(micros);
