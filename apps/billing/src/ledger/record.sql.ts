import type pg from 'pg';
import type { DecidedBatch } from './batch.js';
import type { Entry, Hold, LedgerTransaction } from './transaction.js';

/**
 * Stores a decided batch: one statement, so one database transaction and one round trip, however
 * many ledger transactions it carries. The database's own checks run when all of it is in place.
 * Named, so that each connection plans it once.
 */
const text = `
with new_transactions as (
  insert into billing.transactions (id, kind, account_id, hold_id, lines, metadata)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::json[])
), new_entries as (
  insert into billing.entries
    (transaction_id, line, ledger_account, amount_micros, sequence, balance_after_micros)
  select * from unnest($7::text[], $8::smallint[], $9::text[], $10::bigint[], $11::bigint[],
    $12::bigint[])
), new_holds as (
  insert into billing.holds
    (hold_id, account_id, item, price_micros, price_version, expires_at)
  select * from unnest($13::text[], $14::text[], $15::text[], $16::bigint[], $17::text[],
    $18::timestamptz[])
)
insert into billing.resolutions (hold_id, kind, captured_micros, refunded_micros)
select * from unnest($19::text[], $20::text[], $21::bigint[], $22::bigint[])`;

type Column = (string | number | null)[];
type Settlement = Extract<LedgerTransaction, { kind: 'settlement' }>;

/**
 * Commits the batch, all of it or nothing.
 *
 * @throws unique violation (23505) when another process took a place in a ledger account, or an id,
 *   that this batch wanted: its decisions are stale and must be made again
 */
export async function recordBatch(
  connection: pg.Pool | pg.PoolClient,
  batch: DecidedBatch,
): Promise<void> {
  if (batch.transactions.length === 0) return;
  const transactions = [...batch.transactions].sort(byText(({ id }) => id));
  const values = [
    ...transactionColumns(transactions),
    ...entryColumns(batch.entries),
    ...holdColumns(transactions.flatMap((t) => (t.kind === 'hold' ? [t.hold] : []))),
    ...resolutionColumns(transactions.filter((t) => t.kind === 'settlement')),
  ];
  await connection.query({ name: 'billing-record-batch', text, values });
}

// Every process inserts in the same order, so that two of them cannot wait for each other.
const byText =
  <T>(keyOf: (value: T) => string) =>
  (a: T, b: T): number =>
    keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0;

function transactionColumns(transactions: readonly LedgerTransaction[]): Column[] {
  return [
    transactions.map(({ id }) => id),
    transactions.map((t) => (t.kind === 'settlement' ? t.resolution.kind : t.kind)),
    transactions.map(({ accountId }) => accountId),
    transactions.map(holdIdOf),
    transactions.map(({ postings }) => 2 * postings.length),
    transactions.map(({ metadata }) => JSON.stringify(metadata)),
  ];
}

function holdIdOf(transaction: LedgerTransaction): string | null {
  switch (transaction.kind) {
    case 'grant':
      return null;
    case 'hold':
      return transaction.hold.holdId;
    case 'settlement':
      return transaction.holdId;
  }
}

function entryColumns(unsorted: readonly Entry[]): Column[] {
  // Sorting is stable: the entries of one ledger account keep the order of their sequence.
  const entries = [...unsorted].sort(byText(({ ledgerAccount }) => ledgerAccount));
  return [
    entries.map(({ transactionId }) => transactionId),
    entries.map(({ line }) => line),
    entries.map(({ ledgerAccount }) => ledgerAccount),
    entries.map(({ amountMicros }) => amountMicros.toString()),
    entries.map(({ sequence }) => sequence),
    entries.map(({ balanceAfterMicros }) => balanceAfterMicros?.toString() ?? null),
  ];
}

function holdColumns(holds: readonly Hold[]): Column[] {
  return [
    holds.map(({ holdId }) => holdId),
    holds.map(({ accountId }) => accountId),
    holds.map(({ item }) => item),
    holds.map(({ priceMicros }) => priceMicros.toString()),
    holds.map(({ priceVersion }) => priceVersion),
    holds.map(({ expiresAtMs }) => new Date(expiresAtMs).toISOString()),
  ];
}

function resolutionColumns(settlements: readonly Settlement[]): Column[] {
  return [
    settlements.map(({ holdId }) => holdId),
    settlements.map(({ resolution }) => resolution.kind),
    settlements.map(({ resolution }) => resolution.capturedMicros.toString()),
    settlements.map(({ resolution }) => resolution.refundedMicros.toString()),
  ];
}
