import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Buying credits. `top_ups` is what was ordered and `payment_facts` what was heard of its payment:
 * both are only ever added to, like the ledger. `payment_steps` is what the ledger was to be told of a
 * top-up, step after step, and `payment_step_ends` what came of each: the unique step lets only one of
 * several processes decide it.
 *
 * `payment_work` names what must be looked at again, and is written in the transaction of each fact:
 * so a crash between a fact and the ledger leaves a row that the sweep finds. `auto_top_ups` has one
 * row for each account that set it; `in_flight` is its one automatic top-up that is being paid.
 *
 * Upgrade: new tables only; nothing to convert.
 */
export class Payments1764000000007 implements MigrationInterface {
  readonly name = 'Payments1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...tables, ...refusals, ...grants]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('What was paid is not taken down by a migration.');
  }
}

const tables = [
  `create table billing.top_ups (
    id text collate "C" primary key,
    account_id text collate "C" not null,
    package text not null,
    credits_micros bigint not null check (credits_micros > 0),
    amount_cents int not null check (amount_cents > 0),
    origin text not null check (origin in ('checkout', 'automatic')),
    provider text not null,
    save_method boolean not null,
    -- What an automatic one is paid with; for a person it is the page that asks.
    method json,
    created_at timestamptz not null default clock_timestamp(),
    check ((method is null) = (origin = 'checkout'))
  )`,
  `create index top_ups_listed on billing.top_ups (account_id, id desc)`,
  `create index top_ups_age on billing.top_ups (created_at)`,
  `create table billing.payment_facts (
    id text collate "C" primary key,
    top_up_id text collate "C",
    payment_ref text collate "C",
    kind text not null,
    fact json not null,
    recorded_at timestamptz not null default clock_timestamp()
  )`,
  `create index payment_facts_top_up on billing.payment_facts (top_up_id)
    where top_up_id is not null`,
  `create index payment_facts_payment on billing.payment_facts (payment_ref)
    where payment_ref is not null`,
  `create table billing.payment_steps (
    top_up_id text collate "C" not null references billing.top_ups (id),
    step int not null check (step > 0),
    -- Above zero: credits to give; below: to take back.
    wanted_micros bigint not null check (wanted_micros <> 0),
    cause text not null,
    decided_at timestamptz not null default clock_timestamp(),
    primary key (top_up_id, step)
  )`,
  `create table billing.payment_step_ends (
    top_up_id text collate "C" not null,
    step int not null,
    -- Nearer to zero than what was wanted where the customer had spent it already.
    moved_micros bigint not null,
    ended_at timestamptz not null default clock_timestamp(),
    primary key (top_up_id, step),
    foreign key (top_up_id, step) references billing.payment_steps (top_up_id, step)
  )`,
  // Never the same number twice: work that was done and is wanted anew is not taken for done.
  `create sequence billing.payment_work_wants`,
  `create table billing.payment_work (
    -- A top-up, or 'payment:' and the provider's id of a payment.
    subject text collate "C" primary key,
    wanted bigint not null default nextval('billing.payment_work_wants'),
    due_at timestamptz not null
  )`,
  `create index payment_work_due on billing.payment_work (due_at)`,
  `create table billing.auto_top_ups (
    account_id text collate "C" primary key,
    enabled boolean not null,
    package text not null,
    threshold_micros bigint not null check (threshold_micros > 0),
    monthly_cap_micros bigint not null check (monthly_cap_micros >= 0),
    disabled_reason text,
    in_flight text collate "C" references billing.top_ups (id),
    updated_at timestamptz not null default clock_timestamp(),
    check (not enabled or disabled_reason is null)
  )`,
  `create index auto_top_ups_enabled on billing.auto_top_ups (account_id) where enabled`,
];

const addedTo = ['top_ups', 'payment_facts', 'payment_steps', 'payment_step_ends'];

/** The function is the ledger's. */
const refusals = addedTo.map(
  (table) => `create trigger append_only before update or delete or truncate
    on billing.${table} for each statement execute function billing.refuse_change()`,
);

const grants = [
  ...addedTo.map((table) => `grant select, insert on billing.${table} to safelight_billing`),
  `grant select, insert, update, delete on billing.payment_work to safelight_billing`,
  `grant usage on sequence billing.payment_work_wants to safelight_billing`,
  `grant select, insert, update on billing.auto_top_ups to safelight_billing`,
];
