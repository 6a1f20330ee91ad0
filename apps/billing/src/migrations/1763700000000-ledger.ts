import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The ledger's four tables. Rows are only ever inserted: the runtime role may do nothing else, and
 * triggers refuse UPDATE, DELETE and TRUNCATE to everybody, the owner included.
 *
 * The database checks by itself, at the end of every statement, that a transaction came with all
 * its entries, that they sum to zero, that every customer entry continues the balance before it,
 * and that a resolution gives away exactly the price of its hold: a faulty process cannot write a
 * faulty ledger. The balance that cannot go below zero is a CHECK, and the unique
 * (ledger_account, sequence) lets only one of several writers have the next place.
 *
 * Upgrade: new tables only; nothing to convert.
 */
export class Ledger1763700000000 implements MigrationInterface {
  readonly name = 'Ledger1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...tables, ...checks, ...refusals, ...grants]) {
      await runner.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('A ledger is not taken down by a migration.');
  }
}

const tables = [
  `create table billing.transactions (
    id text collate "C" primary key,
    kind text not null check (kind in ('grant', 'hold', 'captured', 'voided', 'expired')),
    account_id text collate "C" not null,
    hold_id text collate "C" check ((kind = 'grant') = (hold_id is null)),
    lines smallint not null check (lines > 0),
    metadata json not null,
    recorded_at timestamptz not null default clock_timestamp(),
    written_by xid8 not null default pg_current_xact_id()
  )`,
  `create table billing.entries (
    transaction_id text collate "C" not null,
    line smallint not null check (line >= 0),
    ledger_account text collate "C" not null,
    amount_micros bigint not null check (amount_micros <> 0),
    sequence bigint check (sequence > 0),
    balance_after_micros bigint check (balance_after_micros >= 0),
    primary key (transaction_id, line),
    constraint entries_of_the_chart check (
      case when ledger_account in ('promotions', 'payments', 'revenue', 'refunds')
        then sequence is null and balance_after_micros is null
        else (ledger_account like 'available:_%' or ledger_account like 'held:_%')
          and sequence is not null and balance_after_micros is not null
      end)
  )`,
  `create unique index entries_sequence on billing.entries (ledger_account, sequence)
    where sequence is not null`,
  `create table billing.holds (
    hold_id text collate "C" primary key,
    account_id text collate "C" not null,
    item text not null,
    price_micros bigint not null check (price_micros > 0),
    price_version text not null,
    expires_at timestamptz not null
  )`,
  `create index holds_expiry on billing.holds (expires_at)`,
  `create table billing.resolutions (
    hold_id text collate "C" primary key,
    kind text not null check (kind in ('captured', 'voided', 'expired')),
    captured_micros bigint not null check (captured_micros >= 0),
    refunded_micros bigint not null check (refunded_micros >= 0),
    check (kind = 'captured' or captured_micros = 0)
  )`,
];

/**
 * A check over the rows that one statement added. The planner settings keep it on the indexes: the
 * plan is made once per connection, perhaps while the tables are still empty.
 */
const checkOf = (table: string, name: string, culprit: string, message: string): string[] => [
  `create function billing.${name}() returns trigger language plpgsql
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
  as $$
  declare culprit text;
  begin
    ${culprit} limit 1 into culprit;
    if found then
      raise exception '${message}: %', culprit using errcode = 'check_violation';
    end if;
    return null;
  end $$`,
  `create trigger ${name} after insert on billing.${table}
    referencing new table as added for each statement execute function billing.${name}()`,
];

const checks = [
  ...checkOf(
    'transactions',
    'transactions_balance',
    `select t.id from added t cross join lateral (
       select count(*) as lines, sum(amount_micros) as total
       from billing.entries e where e.transaction_id = t.id) found_entries
     where found_entries.lines <> t.lines or found_entries.total is distinct from 0`,
    'a transaction needs all its entries, summing to zero',
  ),
  ...checkOf(
    'entries',
    'entries_continue',
    `select e.transaction_id from added e
     left join billing.transactions t on t.id = e.transaction_id
     left join billing.entries before
       on before.ledger_account = e.ledger_account and before.sequence = e.sequence - 1
     where t.id is null or e.line >= t.lines
        or (before.sequence is null and e.sequence > 1)
        or e.balance_after_micros <> coalesce(before.balance_after_micros, 0) + e.amount_micros`,
    'an entry must belong to its transaction and continue the balance before it',
  ),
  ...checkOf(
    'resolutions',
    'resolutions_are_whole',
    `select r.hold_id from added r left join billing.holds h on h.hold_id = r.hold_id
     where h.price_micros is distinct from r.captured_micros + r.refunded_micros`,
    'a resolution must give away the price of its hold',
  ),
];

const ledgerTables = ['transactions', 'entries', 'holds', 'resolutions'];

const refusals = [
  `create function billing.refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% on billing.%: the ledger is only ever added to', tg_op, tg_table_name
      using errcode = 'insufficient_privilege';
  end $$`,
  ...ledgerTables.map(
    (table) => `create trigger append_only before update or delete or truncate
      on billing.${table} for each statement execute function billing.refuse_change()`,
  ),
];

const grants = ledgerTables.map(
  (table) => `grant select, insert on billing.${table} to safelight_billing`,
);
