import { sql, type Kysely } from 'kysely';

/** What the ledger says about itself; everything is zero in a sound one. */
export interface Reconciliation {
  /** Sum of all that was ever moved, in micro-credits. */
  readonly driftMicros: bigint;
  /** Holds that nobody resolved within five minutes after their time was over. */
  readonly overdueHolds: number;
  /** Grants of which something is left five minutes after their time was over. */
  readonly overdueGrants: number;
  /** Accounts whose newest balances or lots are not the sums of their transactions, or with gaps. */
  readonly brokenAccounts: number;
  /** Transactions that do not sum to zero. */
  readonly brokenTransactions: number;
  /** What ends or undoes something that is not there, or is of another account or price. */
  readonly orphans: number;
  /** Charges, top-ups and grants of which more was given or taken back than there was. */
  readonly overdone: number;
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
    overdueGrants: Number(row.overdueGrants),
    brokenAccounts: Number(row.brokenAccounts),
    brokenTransactions: Number(row.brokenTransactions),
    orphans: Number(row.orphans),
    overdone: Number(row.overdone),
  };
}

const movedMicros = sql`(available_micros + held_micros + promotions_micros + payments_micros
  + revenue_micros + refunds_micros + adjustments_micros + losses_micros)`;

const overdueHolds = sql`
  select count(*) from billing.transactions h
  where h.kind = 'hold' and h.expires_at < clock_timestamp() - interval '5 minutes'
    and not exists (select from billing.transactions s
      where s.id = 'settle:' || substr(h.id, length('hold:') + 1))`;

const overdueGrants = sql`
  select count(*) from billing.transactions g
  cross join lateral (select t.lots_after from billing.transactions t
    where t.account_id = g.account_id order by t.sequence desc limit 1) head
  where g.kind = 'grant' and g.expires_at < clock_timestamp() - interval '5 minutes'
    and exists (select from billing.lots_of(head.lots_after) l
      where l.grant_id = substr(g.id, length('grant:') + 1))`;

const brokenAccounts = sql`
  select count(*) from (
    select account_id, count(*) as transactions, max(sequence) as sequence,
      sum(available_micros) as available, sum(held_micros) as held, sum(paid_micros) as paid,
      min(available_after_micros) as least_available, min(held_after_micros) as least_held
    from billing.transactions group by account_id) sums
  join billing.transactions newest using (account_id, sequence)
  left join lateral (select sum(micros) as micros
    from billing.lots_of(newest.lots_after)) lots on true
  left join (select account_id, sum(micros) as micros
    from billing.transactions cross join lateral billing.lots_of(lots_moved) moved
    where lots_moved is not null group by account_id) moved using (account_id)
  where sums.transactions <> sequence or least_available < 0 or least_held < 0
    or sums.available <> newest.available_after_micros
    or sums.held <> newest.held_after_micros
    or sums.paid <> newest.paid_after_micros
    or coalesce(lots.micros, 0) <> coalesce(moved.micros, 0)
    or coalesce(lots.micros, 0) + newest.paid_after_micros > newest.available_after_micros`;

const brokenTransactions = sql`
  select count(*) from billing.transactions where ${movedMicros} <> 0`;

const orphans = sql`
  select count(*) from billing.transactions s
  left join billing.transactions h on h.account_id = s.account_id and h.id = case
    when s.kind in ('refund', 'reversal') then s.refers_to
    when s.kind = 'grant_expired' then 'grant:' || substr(s.id, length('expire:') + 1)
    else 'hold:' || substr(s.id, length('settle:') + 1)
  end and (s.held_micros = 0 or h.held_micros = -s.held_micros)
  where s.kind not in ('grant', 'topup', 'hold', 'adjustment', 'budget') and h.id is null`;

const overdone = sql`
  select count(*) from (
    select refers_to, sum(case kind when 'refund' then -refunds_micros
      else promotions_micros + payments_micros end) as micros
    from billing.transactions where refers_to is not null group by refers_to) undone
  join billing.transactions t on t.id = undone.refers_to
  where undone.micros > case t.kind when 'captured' then t.revenue_micros
    else t.available_micros end`;

const findings = sql<Record<keyof Reconciliation, string>>`
  select
    (select coalesce(sum(${movedMicros}), 0) from billing.transactions)::text as "driftMicros",
    (${overdueHolds})::text as "overdueHolds",
    (${overdueGrants})::text as "overdueGrants",
    (${brokenAccounts})::text as "brokenAccounts",
    (${brokenTransactions})::text as "brokenTransactions",
    (${orphans})::text as "orphans",
    (${overdone})::text as "overdone"`;
