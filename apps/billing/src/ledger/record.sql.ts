import type { Statement } from '@safelight/postgres';
import { storedBudgets } from './budgets.js';
import { storedLots } from './stored-lots.js';
import { changeIn, transactionId, type LedgerTransaction, type Placed } from './transaction.js';

/**
 * Stores a decided batch in one statement, however many transactions it carries; the database's own
 * checks run when all of it is in place. One JSON document for all rows: an array for every column
 * costs more to read, and makes PostgreSQL plan the statement anew each time.
 */
const text = `
insert into billing.transactions
  (id, kind, account_id, sequence,
   available_micros, held_micros, promotions_micros, payments_micros, revenue_micros,
   refunds_micros, adjustments_micros, losses_micros, available_after_micros, held_after_micros,
   paid_micros, paid_after_micros, lots_moved, lots_after, budgets_after,
   item, price_version, expires_at, refers_to, key_id, metadata, recorded_at)
select id, kind, account_id, sequence,
  available, held, coalesce(promotions, 0), coalesce(payments, 0), coalesce(revenue, 0),
  coalesce(refunds, 0), coalesce(adjustments, 0), coalesce(losses, 0), available_after, held_after,
  coalesce(paid, 0), coalesce(paid_after, 0), lots_moved, lots_after, budgets_after,
  item, price_version, expires_at, refers_to, key_id, metadata, coalesce(recorded_at, $2)
from json_to_recordset($1) as t (
  id text, kind text, account_id text, sequence bigint,
  available bigint, held bigint, promotions bigint, payments bigint, revenue bigint,
  refunds bigint, adjustments bigint, losses bigint, available_after bigint, held_after bigint,
  paid bigint, paid_after bigint, lots_moved jsonb, lots_after jsonb, budgets_after jsonb,
  item text, price_version text, expires_at timestamptz, refers_to text, key_id text, metadata json,
  recorded_at timestamptz)`;

/**
 * The statement that commits transactions, all of them or none, for decisions made by the clock
 * `nowMs` (the database's, epoch milliseconds); those of an account whose own time is ahead of it
 * are recorded at that.
 *
 * It fails with a unique violation (23505) when another process took a place or an id that one of
 * them wanted, and with a serialisation failure (40001) when the database's clock is far from
 * `nowMs`: the decisions are stale then and must be made again.
 */
export function recordStatement(placed: readonly Placed[], nowMs: number): Statement {
  // Every process inserts in the same order, so that two of them cannot wait for each other.
  // Sorting is stable: the transactions of one account keep the order of their sequence.
  const rows = [...placed].sort(byAccount).map((one) => rowOf(one, nowMs));
  const values = [JSON.stringify(rows), new Date(nowMs).toISOString()];
  return { name: 'billing-record-batch', text, values };
}

function byAccount({ transaction: a }: Placed, { transaction: b }: Placed): number {
  return a.accountId < b.accountId ? -1 : a.accountId > b.accountId ? 1 : 0;
}

function rowOf(placed: Placed, nowMs: number) {
  const { transaction, sequence, availableMicros, heldMicros, lots, recordedAtMs } = placed;
  const { id, accountId, metadata } = transaction;
  return {
    id,
    kind: kindOf(transaction),
    account_id: accountId,
    sequence,
    available: changeIn(transaction, 'available').toString(),
    held: changeIn(transaction, 'held').toString(),
    promotions: unlessZero(changeIn(transaction, 'promotions')),
    payments: unlessZero(changeIn(transaction, 'payments')),
    revenue: unlessZero(changeIn(transaction, 'revenue')),
    refunds: unlessZero(changeIn(transaction, 'refunds')),
    adjustments: unlessZero(changeIn(transaction, 'adjustments')),
    losses: unlessZero(changeIn(transaction, 'losses')),
    available_after: availableMicros.toString(),
    held_after: heldMicros.toString(),
    paid: unlessZero(transaction.lots.paidMicros),
    paid_after: unlessZero(lots.paidMicros),
    ...lotsOf(placed),
    ...(placed.budgets.length > 0 && { budgets_after: storedBudgets(placed.budgets) }),
    ...termsOf(transaction),
    ...(recordedAtMs !== nowMs && { recorded_at: new Date(recordedAtMs).toISOString() }),
    metadata,
  };
}

/** Most of a row's amounts are nothing, which need not be written and read. */
const unlessZero = (micros: bigint): string | undefined =>
  micros === 0n ? undefined : micros.toString();

/** Most rows know no expiring credits, and say nothing of them. */
function lotsOf({ transaction, lots }: Placed) {
  if (transaction.lots.expiring.length === 0 && lots.expiring.length === 0) return {};
  const lots_moved = storedLots(transaction.lots.expiring);
  return { lots_moved, lots_after: storedLots(lots.expiring) };
}

/** The columns that only some kinds have. */
function termsOf(transaction: LedgerTransaction) {
  switch (transaction.kind) {
    case 'hold': {
      const { item, priceVersion, expiresAtMs, keyId } = transaction.hold;
      const terms = { item, price_version: priceVersion, expires_at: timeOf(expiresAtMs) };
      return keyId === null ? terms : { ...terms, key_id: keyId };
    }
    case 'grant': {
      const { expiresAtMs } = transaction.grant;
      return expiresAtMs === null ? {} : { expires_at: timeOf(expiresAtMs) };
    }
    case 'budget':
      return { key_id: transaction.change.keyId };
    case 'refund':
      return { refers_to: transactionId.settlement(transaction.refund.holdId) };
    case 'reversal':
      return { refers_to: transaction.reversal.transactionId };
    case 'adjustment':
    case 'settlement':
    case 'topup':
    case 'grant_expired':
      return {};
  }
}

const timeOf = (ms: number): string => new Date(ms).toISOString();

function kindOf(transaction: LedgerTransaction): string {
  return transaction.kind === 'settlement' ? transaction.resolution.kind : transaction.kind;
}
