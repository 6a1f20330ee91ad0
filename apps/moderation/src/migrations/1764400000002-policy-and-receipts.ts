import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Decisions keep what they were made from (`grounds`: signals, never content) and which receipt of the
 * account they name; the index finds the latest of an account. The keys that receipts are signed with
 * stay on record.
 *
 * Policies above the floor are events in one sequence (`version` has no gaps, so that of two writers at
 * once one fails), each told on a channel. What a policy in shadow would have said stands beside the
 * decision.
 *
 * Upgrade: columns without a value in the rows that are there: these were decided before grounds were
 * kept, cannot be decided again, and are counted so. The index is built while the table is locked.
 */
export class PolicyAndReceipts1764400000002 implements MigrationInterface {
  readonly name = 'PolicyAndReceipts1764400000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table moderation.receipt_keys, moderation.policy_events;
      drop function moderation.tell_policies;
      drop index moderation.decisions_of_account;
      alter table moderation.decisions drop constraint decisions_rule,
        drop column action, drop column category, drop column grounds, drop column previous_id,
        drop column shadow`);
  }
}

const statements = [
  `alter table moderation.decisions
    add column action text check (action in ('allow', 'flag', 'hold', 'refuse')),
    add column category text,
    add column previous_id text collate "C",
    add column grounds text,
    add column shadow jsonb,
    drop constraint decisions_check,
    add constraint decisions_rule check (
      (coalesce(action, case verdict when 'pass' then 'allow' else 'refuse' end) <> 'allow')
      = (rule_id is not null)),
    add constraint decisions_action check (
      action is null or (action in ('hold', 'refuse')) = (verdict = 'block'))`,
  `create index decisions_of_account on moderation.decisions (account_id, decision_id)`,
  `create table moderation.receipt_keys (
    key_id text collate "C" primary key,
    public_key text not null,
    published_at timestamptz not null default clock_timestamp()
  )`,
  `create table moderation.policy_events (
    version int primary key check (version > 0),
    policy_digest text collate "C" not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    type text not null check (type in ('PolicyDrafted', 'PolicyShadowed', 'PolicyApproved',
      'PolicyCanaried', 'PolicyActivated', 'PolicyRetired')),
    data jsonb not null,
    recorded_at timestamptz not null default clock_timestamp()
  )`,
  `create index decisions_shadowed on moderation.decisions ((shadow ->> 'policy'))
    where shadow is not null`,
  `create function moderation.tell_policies() returns trigger language plpgsql as $$
  begin
    perform pg_notify('moderation_news', 'policy ' || new.version);
    return null;
  end $$`,
  `create trigger told after insert on moderation.policy_events
    for each row execute function moderation.tell_policies()`,
  ...['receipt_keys', 'policy_events'].map(
    (table) => `create trigger append_only before update or delete or truncate
      on moderation.${table} for each statement execute function moderation.refuse_change()`,
  ),
  `grant select, insert on moderation.receipt_keys, moderation.policy_events to safelight_moderation`,
];
