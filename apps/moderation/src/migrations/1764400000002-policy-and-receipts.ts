import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Decisions keep what they were made from (`grounds`: signals, never content) and which receipt of the
 * account they name; the index finds the latest of an account. The keys that receipts are signed with
 * stay on record.
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
    await runner.query(`drop table moderation.receipt_keys;
      drop index moderation.decisions_of_account;
      alter table moderation.decisions drop constraint decisions_rule,
        drop column action, drop column category, drop column grounds, drop column previous_id`);
  }
}

const statements = [
  `alter table moderation.decisions
    add column action text check (action in ('allow', 'flag', 'hold', 'refuse')),
    add column category text,
    add column previous_id text collate "C",
    add column grounds text,
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
  ...['receipt_keys'].map(
    (table) => `create trigger append_only before update or delete or truncate
      on moderation.${table} for each statement execute function moderation.refuse_change()`,
  ),
  `grant select, insert on moderation.receipt_keys to safelight_moderation`,
];
