import type { Statement } from '@safelight/postgres';
import { changeIn, type LedgerTransaction, type Placed } from './transaction.js';

/**
 * Stores a decided batch in one statement, however many transactions it carries; the database's own
 * checks run when all of it is in place. One JSON document for all rows: an array for every column
 * costs more to read, and makes PostgreSQL plan the statement anew each time.
 */
const text = `
insert into billing.transactions
  (id, kind, account_id, sequence,
   available_micros, held_micros, promotions_micros, payments_micros, revenue_micros,
   refunds_micros, available_after_micros, held_after_micros,
   item, price_version, expires_at, metadata, recorded_at)
select id, kind, account_id, sequence,
  available, held, promotions, payments, revenue,
  refunds, available_after, held_after,
  item, price_version, expires_at, metadata, $2
from json_to_recordset($1) as t (
  id text, kind text, account_id text, sequence bigint,
  available bigint, held bigint, promotions bigint, payments bigint, revenue bigint,
  refunds bigint, available_after bigint, held_after bigint,
  item text, price_version text, expires_at timestamptz, metadata json)`;

/**
 * The statement that commits transactions, all of them or none, for decisions made by the clock
 * `nowMs` (the database's, epoch milliseconds).
 *
 * It fails with a unique violation (23505) when another process took a place or an id that one of
 * them wanted, and with a serialisation failure (40001) when the database's clock is far from
 * `nowMs`: the decisions are stale then and must be made again.
 */
export function recordStatement(placed: readonly Placed[], nowMs: number): Statement {
  // Every process inserts in the same order, so that two of them cannot wait for each other.
  // Sorting is stable: the transactions of one account keep the order of their sequence.
  const rows = [...placed].sort(byAccount).map(rowOf);
  const values = [JSON.stringify(rows), new Date(nowMs).toISOString()];
  return { name: 'billing-record-batch', text, values };
}

function byAccount({ transaction: a }: Placed, { transaction: b }: Placed): number {
  return a.accountId < b.accountId ? -1 : a.accountId > b.accountId ? 1 : 0;
}

function rowOf({ transaction, sequence, availableMicros, heldMicros }: Placed) {
  const { id, accountId, metadata } = transaction;
  return {
    id,
    kind: kindOf(transaction),
    account_id: accountId,
    sequence,
    available: changeIn(transaction, 'available').toString(),
    held: changeIn(transaction, 'held').toString(),
    promotions: changeIn(transaction, 'promotions').toString(),
    payments: changeIn(transaction, 'payments').toString(),
    revenue: changeIn(transaction, 'revenue').toString(),
    refunds: changeIn(transaction, 'refunds').toString(),
    available_after: availableMicros.toString(),
    held_after: heldMicros.toString(),
    ...(transaction.kind === 'hold' && {
      item: transaction.hold.item,
      price_version: transaction.hold.priceVersion,
      expires_at: new Date(transaction.hold.expiresAtMs).toISOString(),
    }),
    metadata,
  };
}

function kindOf(transaction: LedgerTransaction): string {
  return transaction.kind === 'settlement' ? transaction.resolution.kind : transaction.kind;
}
