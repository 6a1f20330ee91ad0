import { headOf, type Book } from './book.js';
import type { SetBudget } from './commands.js';
import { accepted, again, refused, repeated, type Decision } from './decision.js';
import { noLots } from './lots.js';
import { transactionId } from './transaction.js';

/** Every transaction of an account carries its budgets, so there is an end to them. */
export const mostBudgets = 21;

/**
 * A change of a budget is a transaction that moves nothing: it takes a place among those of its
 * account, so that what was decided under the budget before it cannot be stored any more.
 */
export function setBudget(command: SetBudget, book: Book): Decision {
  const { changeId, accountId, keyId, dailyMicros, monthlyMicros } = command;
  const change = { changeId, accountId, keyId, dailyMicros, monthlyMicros };
  const earlier = book.budgetChanges.get(changeId);
  if (earlier) {
    const same = earlier.accountId === accountId && earlier.keyId === keyId;
    const alike = earlier.dailyMicros === dailyMicros && earlier.monthlyMicros === monthlyMicros;
    return again(same && alike, 'budget.mismatch', { changeId });
  }
  for (const amountMicros of [dailyMicros, monthlyMicros]) {
    if (amountMicros !== null && amountMicros < 0n) {
      return refused('amount.negative', { amountMicros });
    }
  }
  const { budgets } = headOf(book, accountId);
  const now = budgets.find((budget) => budget.keyId === keyId);
  const isAsAsked =
    (now?.dailyMicros ?? null) === dailyMicros && (now?.monthlyMicros ?? null) === monthlyMicros;
  if (isAsAsked) return repeated;
  if (!now && budgets.length >= mostBudgets)
    return refused('budget.too_many', { most: mostBudgets });
  const metadata = {
    ...(command.by !== undefined && { by: command.by }),
    ...(dailyMicros !== null && { daily: dailyMicros.toString() }),
    ...(monthlyMicros !== null && { monthly: monthlyMicros.toString() }),
  };
  const id = transactionId.budget(changeId);
  const movement = { id, accountId, postings: [], lots: noLots, metadata };
  return accepted(movement, { kind: 'budget', change });
}
