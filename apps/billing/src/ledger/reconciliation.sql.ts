import { sql, type Kysely } from 'kysely';

/** What the tables say about themselves; everything is zero in a sound ledger. */
export interface Reconciliation {
  /** Sum of all entries, in micro-credits. */
  readonly driftMicros: bigint;
  /** Holds that nobody resolved within five minutes after their time was over. */
  readonly overdueHolds: number;
  /** Customer ledger accounts whose newest balance is not the sum of their entries. */
  readonly brokenLedgerAccounts: number;
  /** Transactions whose entries are not all there, or do not sum to zero. */
  readonly brokenTransactions: number;
  /** Holds or resolutions without their transaction, or the other way round. */
  readonly orphans: number;
}

/** Reads the whole ledger in one snapshot: for a timer, an operator or a test. */
export async function reconcile(db: Kysely<unknown>): Promise<Reconciliation> {
  const { rows } = await sql<Record<keyof Reconciliation, string>>`
    select
      (select coalesce(sum(amount_micros), 0) from billing.entries)::text as "driftMicros",
      (${overdueHolds})::text as "overdueHolds",
      (${brokenLedgerAccounts})::text as "brokenLedgerAccounts",
      (${brokenTransactions})::text as "brokenTransactions",
      (${orphans})::text as "orphans"`.execute(db);
  const row = rows[0];
  if (!row) throw new Error('the ledger could not be read');
  return {
    driftMicros: BigInt(row.driftMicros),
    overdueHolds: Number(row.overdueHolds),
    brokenLedgerAccounts: Number(row.brokenLedgerAccounts),
    brokenTransactions: Number(row.brokenTransactions),
    orphans: Number(row.orphans),
  };
}

const overdueHolds = sql`
  select count(*) from billing.holds h
  where h.expires_at < clock_timestamp() - interval '5 minutes'
    and not exists (select from billing.resolutions r where r.hold_id = h.hold_id)`;

const brokenLedgerAccounts = sql`
  select count(*) from (
    select from billing.entries where sequence is not null group by ledger_account
    having count(*) <> max(sequence) or min(balance_after_micros) < 0
      or sum(amount_micros) <> (array_agg(balance_after_micros order by sequence desc))[1]) broken`;

const brokenTransactions = sql`
  select count(*) from billing.transactions t
  full join (select transaction_id, count(*) as lines, sum(amount_micros) as total
    from billing.entries group by transaction_id) e on e.transaction_id = t.id
  where e.lines is distinct from t.lines or e.total <> 0`;

const orphans = sql`
  select count(*) from (
    select hold_id from billing.transactions where kind = 'hold') t
  full join billing.holds h using (hold_id)
  full join (select hold_id, kind as resolved_as from billing.resolutions) r using (hold_id)
  full join (select hold_id, kind as settled_as from billing.transactions
    where kind not in ('grant', 'hold')) s using (hold_id)
  where h.price_micros is null or t is null or resolved_as is distinct from settled_as`;
