import { z } from 'zod';
import { operation } from './operation.js';
import { accountId, instant, keyId, micros } from './scalars.js';

/** The key whose budget a job counts in: the one that asks, or the first of those that it replaced. */
export const spendsAs = keyId.nullable().default(null);

/** What may be spent in a UTC day and a UTC month, and what was. */
export const budget = z.object({
  /** `null`: of the account as a whole. */
  keyId: keyId.nullable(),
  /** `null`: no limit. Both are where there is no budget; then nothing is counted. */
  dailyMicros: micros.nullable(),
  monthlyMicros: micros.nullable(),
  todayMicros: micros,
  thisMonthMicros: micros,
});
export type Budget = z.infer<typeof budget>;

/** When the day and the month end that are counted now. */
const periods = { dayEndsAt: instant, monthEndsAt: instant };

/**
 * Limits what a key, or the account, may spend from now on; two times `null` removes the limits and
 * forgets what was counted. A change is an entry of the ledger, so no hold that was decided before
 * it is stored after it. Asking for what stands already changes nothing.
 * Refusals: `amount.negative`, `budget.too_many {most}`, `budget.mismatch`.
 */
export const setBudget = operation(
  'billing.set-budget',
  z.object({
    /** Permanent: asking again under it changes nothing. */
    changeId: z.string().min(1),
    accountId,
    keyId: keyId.nullable(),
    dailyMicros: micros.nullable(),
    monthlyMicros: micros.nullable(),
    /** The key that asks; kept with the entry. */
    by: keyId,
  }),
  z.object({ budget, ...periods }),
);

/** All budgets of an account: its own, if it has one, and those of keys. */
export const readBudgets = operation(
  'billing.read-budgets',
  z.object({ accountId }),
  z.object({ budgets: z.array(budget), ...periods }),
);
