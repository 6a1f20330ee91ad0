import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The ledger's one table: a row is a transaction, whole, with what it moves in each ledger account
 * of the chart and its place among the transactions of its account. Rows are only ever inserted: the
 * runtime role may do nothing else, and triggers refuse UPDATE, DELETE and TRUNCATE to everybody,
 * the owner included.
 *
 * A faulty process cannot write a faulty ledger: that a transaction sums to zero and that nobody
 * is overdrawn are CHECKs; at the end of every statement the database verifies by itself that each
 * transaction has the shape of its kind, that it continues its account where the one before left it,
 * and that a settlement gives away exactly the price of its hold. The unique (account_id, sequence)
 * lets only one of several writers have the next place, and the id lets a thing happen only once.
 *
 * Upgrade: a new table only; nothing to convert.
 */
export class Ledger1763800000000 implements MigrationInterface {
  readonly name = 'Ledger1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...table, ...soundness, ...refusals, ...views, ...grants]) {
      await runner.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('A ledger is not taken down by a migration.');
  }
}

const table = [
  `create table billing.transactions (
    id text collate "C" primary key,
    kind text not null,
    account_id text collate "C" not null,
    sequence bigint not null,
    available_micros bigint not null,
    held_micros bigint not null,
    promotions_micros bigint not null,
    payments_micros bigint not null,
    revenue_micros bigint not null,
    refunds_micros bigint not null,
    available_after_micros bigint not null check (available_after_micros >= 0),
    held_after_micros bigint not null check (held_after_micros >= 0),
    item text,
    price_version text,
    expires_at timestamptz,
    metadata json not null,
    recorded_at timestamptz not null default clock_timestamp(),
    written_by xid8 not null default pg_current_xact_id(),
    constraint transactions_sum_to_zero check (available_micros + held_micros
      + promotions_micros + payments_micros + revenue_micros + refunds_micros = 0)
  )`,
  `create unique index transactions_place on billing.transactions (account_id, sequence)`,
  `create index transactions_expiry on billing.transactions (expires_at)
    where expires_at is not null`,
];

/** What a transaction of each kind looks like, given that it sums to zero. */
const shape = `case t.kind
  when 'grant' then t.id like 'grant:_%' and t.available_micros > 0
    and t.promotions_micros = -t.available_micros
    and t.held_micros = 0 and t.payments_micros = 0 and t.revenue_micros = 0
    and t.item is null and t.price_version is null and t.expires_at is null
  when 'hold' then t.id like 'hold:_%' and t.held_micros > 0
    and t.available_micros = -t.held_micros
    and t.promotions_micros = 0 and t.payments_micros = 0 and t.revenue_micros = 0
    and t.item is not null and t.price_version is not null and t.expires_at is not null
  when 'captured' then ${settlementOf('t.revenue_micros >= 0')}
  when 'voided' then ${settlementOf('t.revenue_micros = 0')}
  when 'expired' then ${settlementOf('t.revenue_micros = 0')}
end`;

function settlementOf(revenue: string): string {
  return `t.id like 'settle:_%' and t.held_micros < 0 and t.available_micros >= 0 and ${revenue}
    and t.promotions_micros = 0 and t.payments_micros = 0 and t.refunds_micros = 0
    and t.item is null and t.price_version is null and t.expires_at is null`;
}

/**
 * One query over the rows that one statement added, so that its plan is made once per connection;
 * perhaps while the table is still empty, hence the planner setting and the \`limit 1\`s, which
 * keep it on the indexes.
 */
const soundness = [
  `create function billing.verify_added() returns trigger language plpgsql
    set enable_seqscan = off
  as $$
  declare
    culprit text;
    fault text;
  begin
    select checked.id, checked.fault into culprit, fault from (
      select t.id, case
        when (${shape}) is not true then 'it does not have the shape of its kind'
        when t.sequence <> coalesce(before.sequence, 0) + 1
          or t.available_after_micros
            <> coalesce(before.available_after_micros, 0) + t.available_micros
          or t.held_after_micros <> coalesce(before.held_after_micros, 0) + t.held_micros
          then 'it does not continue its account'
        when t.held_micros < 0 and (hold.account_id, hold.held_micros)
          is distinct from (t.account_id, -t.held_micros)
          then 'it does not give away the price of its hold'
        when t.recorded_at not between clock_timestamp() - interval '10 s'
          and clock_timestamp() + interval '10 s' then 'clock'
      end as fault
      from added t
      left join lateral (
        select * from billing.transactions b
        where b.account_id = t.account_id and b.sequence = t.sequence - 1 limit 1) before on true
      left join lateral (
        select * from billing.transactions h
        where t.held_micros < 0 and h.id = 'hold:' || substr(t.id, length('settle:') + 1)
        limit 1) hold on true) checked
    where checked.fault is not null limit 1;
    if fault = 'clock' then
      raise exception '% was decided by a clock far from this one', culprit
        using errcode = 'serialization_failure';
    elsif found then
      raise exception '% cannot be stored: %', culprit, fault using errcode = 'check_violation';
    end if;
    return null;
  end $$`,
  `create trigger verify_added after insert on billing.transactions
    referencing new table as added for each statement execute function billing.verify_added()`,
];

const refusals = [
  `create function billing.refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% on billing.%: the ledger is only ever added to', tg_op, tg_table_name
      using errcode = 'insufficient_privilege';
  end $$`,
  `create trigger append_only before update or delete or truncate
    on billing.transactions for each statement execute function billing.refuse_change()`,
];

/** The ledger as an auditor or an operator asks about it. */
const views = [
  // Double entry: one line for each ledger account that a transaction moved.
  `create view billing.entries as
    select t.id as transaction_id, line.ledger_account, line.amount_micros,
      case when line.after_micros is not null then t.sequence end as sequence,
      line.after_micros as balance_after_micros, t.recorded_at
    from billing.transactions t
    cross join lateral (values
      ('available:' || t.account_id, t.available_micros, t.available_after_micros),
      ('held:' || t.account_id, t.held_micros, t.held_after_micros),
      ('promotions', t.promotions_micros, null),
      ('payments', t.payments_micros, null),
      ('revenue', t.revenue_micros, null),
      ('refunds', t.refunds_micros, null)
    ) line (ledger_account, amount_micros, after_micros)
    where line.amount_micros <> 0`,
  `create view billing.holds as
    select substr(id, length('hold:') + 1) as hold_id, account_id, item,
      held_micros as price_micros, price_version, expires_at, recorded_at
    from billing.transactions where kind = 'hold'`,
  `create view billing.resolutions as
    select substr(id, length('settle:') + 1) as hold_id, account_id, kind,
      revenue_micros as captured_micros, available_micros as refunded_micros, recorded_at
    from billing.transactions where kind in ('captured', 'voided', 'expired')`,
];

const grants = [
  `grant select, insert on billing.transactions to safelight_billing`,
  `grant select on billing.entries, billing.holds, billing.resolutions to safelight_billing`,
];
