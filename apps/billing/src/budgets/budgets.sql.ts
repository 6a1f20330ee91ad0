import type { CustomerReads, Statement } from '@safelight/postgres';
import { budgetsAt, budgetsFrom, type Budgets, type StoredBudget } from '../ledger/budgets.js';

const text = `
select head.budgets_after, (extract(epoch from head.recorded_at) * 1000)::float8 as recorded_at_ms,
  floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms
from (select) one left join lateral (
  select budgets_after, recorded_at from billing.transactions
  where account_id = $1 order by sequence desc limit 1) head on true`;

interface Row {
  readonly budgets_after: readonly StoredBudget[] | null;
  readonly recorded_at_ms: number | null;
  readonly now_ms: number;
}

export const budgetsStatement = (accountId: string): Statement => ({
  name: 'billing-read-budgets',
  text,
  values: [accountId],
});

/** An account's budgets as they stand now, on the database's clock; none for an unknown account. */
export async function readStandingBudgets(
  reads: CustomerReads,
  accountId: string,
): Promise<{ readonly budgets: Budgets; readonly nowMs: number }> {
  const [row] = await reads.records<Row>(accountId, budgetsStatement(accountId));
  if (!row) throw new Error('the database did not tell its time');
  const leftAtMs = row.recorded_at_ms ?? row.now_ms;
  // As in `nowFor`: an account's time never goes back.
  const nowMs = Math.max(row.now_ms, leftAtMs);
  return { budgets: budgetsAt(budgetsFrom(row.budgets_after), leftAtMs, nowMs), nowMs };
}
