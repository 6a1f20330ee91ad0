import { sql, type Kysely } from 'kysely';

/** What the ledger says about itself; everything is zero in a sound one. */
export interface Reconciliation {
  /** Sum of all that was ever moved, in micro-credits. */
  readonly driftMicros: bigint;
  /** Holds that nobody resolved within five minutes after their time was over. */
  readonly overdueHolds: number;
  /** Accounts whose newest balances are not the sums of their transactions, or with gaps. */
  readonly brokenAccounts: number;
  /** Transactions that do not sum to zero. */
  readonly brokenTransactions: number;
  /** Settlements without their hold, or of another account or price. */
  readonly orphans: number;
}

/** Reads the whole ledger in one snapshot: for a timer, an operator or a test. */
export async function reconcile(db: Kysely<unknown>): Promise<Reconciliation> {
  const { rows } = await db.transaction().execute(async (transaction) => {
    // The service's connections are told to prefer indexes, which are the long way to everything.
    await sql`set local enable_seqscan = on`.execute(transaction);
    return findings.execute(transaction);
  });
  const row = rows[0];
  if (!row) throw new Error('the ledger could not be read');
  return {
    driftMicros: BigInt(row.driftMicros),
    overdueHolds: Number(row.overdueHolds),
    brokenAccounts: Number(row.brokenAccounts),
    brokenTransactions: Number(row.brokenTransactions),
    orphans: Number(row.orphans),
  };
}
const movedMicros = sql`(available_micros + held_micros + promotions_micros + payments_micros
  + revenue_micros + refunds_micros)`;

const overdueHolds = sql`
  select count(*) from billing.transactions h
  where h.expires_at < clock_timestamp() - interval '5 minutes'
    and not exists (select from billing.transactions s
      where s.id = 'settle:' || substr(h.id, length('hold:') + 1))`;

const brokenAccounts = sql`
  select count(*) from (
    select account_id, count(*) as transactions, max(sequence) as sequence,
      sum(available_micros) as available, sum(held_micros) as held,
      min(available_after_micros) as least_available, min(held_after_micros) as least_held
    from billing.transactions group by account_id) sums
  join billing.transactions newest using (account_id, sequence)
  where sums.transactions <> sequence or least_available < 0 or least_held < 0
    or sums.available <> newest.available_after_micros
    or sums.held <> newest.held_after_micros`;

const brokenTransactions = sql`
  select count(*) from billing.transactions where ${movedMicros} <> 0`;

const orphans = sql`
  select count(*) from billing.transactions s
  left join billing.transactions h on h.id = 'hold:' || substr(s.id, length('settle:') + 1)
    and h.account_id = s.account_id and h.held_micros = -s.held_micros
  where s.kind not in ('grant', 'hold') and h.id is null`;

const findings = sql<Record<keyof Reconciliation, string>>`
  select
    (select coalesce(sum(${movedMicros}), 0) from billing.transactions)::text as "driftMicros",
    (${overdueHolds})::text as "overdueHolds",
    (${brokenAccounts})::text as "brokenAccounts",
    (${brokenTransactions})::text as "brokenTransactions",
    (${orphans})::text as "orphans"`;
