import type { MigrationInterface, QueryRunner } from 'typeorm';
import { soundness } from './ledger/soundness.js';

/**
 * The ledger's one table: a row is a transaction, whole, with what it moves in each ledger account
 * of the chart and its place among the transactions of its account. Rows are only ever inserted: the
 * runtime role may do nothing else, and triggers refuse UPDATE, DELETE and TRUNCATE to everybody,
 * the owner included.
 *
 * A faulty process cannot write a faulty ledger: that a transaction sums to zero and that nobody
 * is overdrawn are CHECKs; at the end of every statement the database verifies by itself that each
 * transaction has the shape of its kind, that it continues its account where the one before left it,
 * that it moves the very credits that it must, bought or given, and that what undoes something undoes
 * no more than there was, that no hold passes a budget (`ledger/` beside this file). The unique (account_id, sequence) lets only
 * one of several writers have the next place, and the id lets a thing happen only once.
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
    adjustments_micros bigint not null default 0,
    losses_micros bigint not null default 0,
    available_after_micros bigint not null check (available_after_micros >= 0),
    held_after_micros bigint not null check (held_after_micros >= 0),
    paid_micros bigint not null,
    paid_after_micros bigint not null
      check (paid_after_micros between 0 and available_after_micros),
    lots_moved jsonb,
    lots_after jsonb,
    budgets_after jsonb,
    item text,
    price_version text,
    expires_at timestamptz,
    refers_to text collate "C",
    key_id text collate "C",
    metadata json not null,
    recorded_at timestamptz not null default clock_timestamp(),
    written_by xid8 not null default pg_current_xact_id(),
    constraint transactions_sum_to_zero check (available_micros + held_micros
      + promotions_micros + payments_micros + revenue_micros + refunds_micros
      + adjustments_micros + losses_micros = 0)
  )`,
  `create unique index transactions_place on billing.transactions (account_id, sequence)`,
  `create index transactions_hold_ends on billing.transactions (expires_at) where kind = 'hold'`,
  `create index transactions_grant_ends on billing.transactions (expires_at)
    where kind = 'grant' and expires_at is not null`,
  `create index transactions_holds on billing.transactions (account_id, sequence)
    where kind = 'hold'`,
  `create index transactions_undoing on billing.transactions (refers_to)
    where refers_to is not null`,
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
      ('refunds', t.refunds_micros, null),
      ('adjustments', t.adjustments_micros, null),
      ('losses', t.losses_micros, null)
    ) line (ledger_account, amount_micros, after_micros)
    where line.amount_micros <> 0`,
  `create view billing.holds as
    select substr(id, length('hold:') + 1) as hold_id, account_id, item,
      held_micros as price_micros, price_version, expires_at, recorded_at
    from billing.transactions where kind = 'hold'`,
  `create view billing.resolutions as
    select substr(id, length('settle:') + 1) as hold_id, account_id, kind,
      revenue_micros as captured_micros, -held_micros - revenue_micros as refunded_micros,
      recorded_at
    from billing.transactions where kind in ('captured', 'voided', 'expired')`,
];

const grants = [
  `grant select, insert on billing.transactions to safelight_billing`,
  `grant select on billing.entries, billing.holds, billing.resolutions to safelight_billing`,
];
