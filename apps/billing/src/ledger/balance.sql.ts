import type pg from 'pg';
import type { LedgerBalance } from './book.js';

const text = `
select available_after_micros, held_after_micros from billing.transactions
where account_id = $1 order by sequence desc limit 1`;

/** The customer's balance as committed now; `undefined` for an account never granted anything. */
export async function readBalance(
  pool: pg.Pool,
  accountId: string,
): Promise<LedgerBalance | undefined> {
  const { rows } = await pool.query<{
    available_after_micros: bigint;
    held_after_micros: bigint;
  }>({ name: 'billing-read-balance', text, values: [accountId] });
  const row = rows[0];
  return row && { availableMicros: row.available_after_micros, heldMicros: row.held_after_micros };
}
