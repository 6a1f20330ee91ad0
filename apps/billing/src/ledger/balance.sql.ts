import type { ComposedBalance } from '@safelight/contracts';
import type pg from 'pg';
import { lotsFrom, type StoredLot } from './stored-lots.js';

const text = `
select available_after_micros, held_after_micros, paid_after_micros, lots_after
from billing.transactions where account_id = $1 order by sequence desc limit 1`;

/** What a transaction left, in the columns of its row. */
export interface BalanceColumns {
  readonly available_after_micros: bigint;
  readonly held_after_micros: bigint;
  readonly paid_after_micros: bigint;
  readonly lots_after: readonly StoredLot[] | null;
}

/** The customer's balance as committed now; `undefined` for an account that never had credits. */
export async function readBalance(
  pool: pg.Pool,
  accountId: string,
): Promise<ComposedBalance | undefined> {
  const query = { name: 'billing-read-balance', text, values: [accountId] };
  const row = (await pool.query<BalanceColumns>(query)).rows[0];
  return row && composed(row);
}

/** Includes lots whose time is over and which the sweep has not taken yet: they are still there. */
export function composed(row: BalanceColumns): ComposedBalance {
  const [soonest] = lotsFrom(row.lots_after);
  const availableMicros = row.available_after_micros;
  const paidMicros = row.paid_after_micros;
  return {
    ...{ availableMicros, heldMicros: row.held_after_micros, paidMicros },
    promotionalMicros: availableMicros - paidMicros,
    nextExpiry: soonest
      ? { at: new Date(soonest.expiresAtMs).toISOString(), micros: soonest.micros }
      : null,
  };
}
