import { formatCredits } from '@safelight/contracts';
import { Problem } from './problem.js';

type Details = Readonly<Record<string, unknown>>;

const credits = (value: unknown): string => formatCredits(BigInt(value as string | bigint));

/** Why a job cannot be paid for, as the ledger says it. */
export const creditRefusals: Readonly<Record<string, (details: Details) => Problem>> = {
  'credits.insufficient': (d) => {
    const [price, available] = [credits(d['priceMicros']), credits(d['availableMicros'])];
    return new Problem(
      'INSUFFICIENT_CREDITS',
      `This costs ${price} credits and ${available} are available; top up or ask for less.`,
      { members: { price, available } },
    );
  },
  'account.unknown': () =>
    new Problem('INSUFFICIENT_CREDITS', 'This account has never had credits; top up first.', {
      members: { available: '0' },
    }),
  'budget.exceeded': budgetExceeded,
  'budget.too_many': (d) =>
    new Problem(
      'CONFLICT',
      `At most ${Number(d['most'])} budgets may be set, of the account and its keys; remove one of a key that is not used any more first, by setting daily and monthly to null.`,
    ),
};

function budgetExceeded(d: Details): Problem {
  const scope = d['keyId'] === null ? 'account' : 'key';
  const [limit, spent, price] = [d['limitMicros'], d['spentMicros'], d['priceMicros']].map(credits);
  const [period, resetsAt] = [String(d['period']), String(d['resetsAt'])];
  return new Problem(
    'BUDGET_EXCEEDED',
    `This costs ${price} credits, and ${spent} of the ${limit} that this ${scope} may spend in a ${period} are spent; wait until ${resetsAt}, ask for less or raise the budget.`,
    { members: { scope, period, limit, spent, price, resets_at: resetsAt } },
  );
}
