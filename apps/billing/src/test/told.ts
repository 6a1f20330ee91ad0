import type { Budget } from '../ledger/budgets.js';
import type { Answer } from '../ledger/ledger.js';

/** An answer of the ledger in the model's words. */
export function told(answer: Answer): string {
  if ('budget' in answer) return budgetText(answer.budget);
  if ('hold' in answer) {
    return `hold ${answer.hold.priceMicros} ${balanceText(answer.balance)}`;
  }
  if ('kind' in answer) {
    return `${answer.kind} ${answer.capturedMicros} back ${answer.refundedMicros}`;
  }
  if ('refundId' in answer) {
    const { amountMicros, paidMicros, promotionalMicros, lapsedMicros } = answer;
    return `refund ${amountMicros} paid ${paidMicros} given ${promotionalMicros} lapsed ${lapsedMicros}`;
  }
  if ('reversalId' in answer) {
    return `reversed ${answer.amountMicros} short ${answer.shortfallMicros}`;
  }
  if ('adjustmentId' in answer) return `adjusted ${answer.amountMicros} ${answer.credits}`;
  if ('expiredMicros' in answer) return `expired ${answer.expiredMicros}`;
  return balanceText(answer);
}

export const toldRefusal = (code: string): string => `refused ${code}`;

const budgetText = (budget: Budget | null): string =>
  budget === null
    ? 'budget none'
    : `budget ${budget.dailyMicros} ${budget.monthlyMicros} spent ${budget.todayMicros} ${budget.thisMonthMicros}`;

const balanceText = (balance: { availableMicros: bigint; heldMicros: bigint }): string =>
  `available ${balance.availableMicros} held ${balance.heldMicros}`;
