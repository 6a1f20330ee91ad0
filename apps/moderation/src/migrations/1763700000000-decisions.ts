import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One row per decision, with its signed receipt as it was first given. Rows are only ever inserted:
 * the runtime role may do nothing else, and a trigger refuses UPDATE, DELETE and TRUNCATE to
 * everybody, the owner included. The unique key makes a repeated question find its first answer.
 *
 * Upgrade: a new table only; nothing to convert.
 */
export class Decisions1763700000000 implements MigrationInterface {
  readonly name = 'Decisions1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Decisions are not taken down by a migration.');
  }
}

const statements = [
  `create table moderation.decisions (
    decision_id text collate "C" primary key,
    job_id text collate "C" not null,
    stage text collate "C" not null check (stage in ('prompt', 'output')),
    subject_digest text collate "C" not null check (subject_digest ~ '^[0-9a-f]{64}$'),
    account_id text collate "C" not null,
    verdict text not null check (verdict in ('pass', 'block')),
    rule_id text check ((verdict = 'block') = (rule_id is not null)),
    receipt text not null,
    recorded_at timestamptz not null default clock_timestamp(),
    unique (job_id, stage, subject_digest)
  )`,
  `create function moderation.refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% on moderation.%: decisions are only ever added', tg_op, tg_table_name
      using errcode = 'insufficient_privilege';
  end $$`,
  `create trigger append_only before update or delete or truncate on moderation.decisions
    for each statement execute function moderation.refuse_change()`,
  `grant select, insert on moderation.decisions to safelight_moderation`,
];
