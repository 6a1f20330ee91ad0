import type { CustomerReads, Statement } from '@safelight/postgres';
import type { LedgerBalance } from './book.js';

const text = `
select available_after_micros, held_after_micros from billing.transactions
where account_id = $1 order by sequence desc limit 1`;

export const balanceStatement = (accountId: string): Statement => ({
  name: 'billing-read-balance',
  text,
  values: [accountId],
});

/** The customer's balance as committed now; `undefined` for an account never granted anything. */
export async function readBalance(
  reads: CustomerReads,
  accountId: string,
): Promise<LedgerBalance | undefined> {
  const [row] = await reads.records<{
    available_after_micros: bigint;
    held_after_micros: bigint;
  }>(accountId, balanceStatement(accountId));
  return row && { availableMicros: row.available_after_micros, heldMicros: row.held_after_micros };
}
