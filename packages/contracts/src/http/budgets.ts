import { z } from 'zod';
import { instant } from '../scalars.js';

const DESCRIPTION = 'Credits, a decimal string of up to 6 places';
const credits = z.string().meta({ description: DESCRIPTION });

const SHAPE = /^\d{1,9}(\.\d{1,6})?$/;
const limit = z
  .string('must be credits as a decimal string, e.g. "100", or null for no limit')
  .regex(
    SHAPE,
    'must be credits as a decimal string with at most 9 digits before and 6 after the point, or null for no limit',
  )
  .nullable()
  .meta({ description: `${DESCRIPTION}; \`null\` for no limit` });

/** The body of `PUT /api/v1/account/budgets` and `PUT /api/v1/keys/{id}/budget`. */
export const budgetRequest = z.strictObject({ daily: limit, monthly: limit });
export type BudgetRequest = z.output<typeof budgetRequest>;

const period = z.strictObject({
  /** `null`: no limit. */
  limit: credits.nullable(),
  /** Held minus given back, counted from when the budget was first set. */
  spent: credits,
  resets_at: instant,
});

/** What may be spent in a day and in a month, both in UTC, and what was. */
export const budgetResource = z.strictObject({ daily: period, monthly: period });
export type BudgetResource = z.infer<typeof budgetResource>;

/** The account's own budget, and those of its keys that have one. */
export const budgetsResource = budgetResource.extend({
  keys: z.array(
    budgetResource.extend({
      /** The first of the keys that replaced each other: they share one budget. */
      key_id: z.string(),
    }),
  ),
});
export type BudgetsResource = z.infer<typeof budgetsResource>;
