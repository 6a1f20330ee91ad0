import { sql, type Kysely } from 'kysely';
import type { LedgerBalance } from './book.js';
import { availableOf, heldOf } from './chart.js';

/** The customer's balance as committed now; `undefined` for an account never granted anything. */
export async function readBalance(
  db: Kysely<unknown>,
  accountId: string,
): Promise<LedgerBalance | undefined> {
  const { rows } = await sql<{ name: string; balance: string }>`
    select name, head.balance_after_micros::text as balance
    from unnest(${[availableOf(accountId), heldOf(accountId)]}::text[]) names (name)
    cross join lateral (
      select e.balance_after_micros from billing.entries e
      where e.ledger_account = name and e.sequence is not null
      order by e.sequence desc limit 1) head`.execute(db);
  const balances = new Map(rows.map(({ name, balance }) => [name, BigInt(balance)]));
  const availableMicros = balances.get(availableOf(accountId));
  if (availableMicros === undefined) return undefined;
  return { availableMicros, heldMicros: balances.get(heldOf(accountId)) ?? 0n };
}
