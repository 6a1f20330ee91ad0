import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The read model of jobs, and the sealed words of customers.
 *
 * `jobs` follows the events inside their own database transaction. Its checks say what may never be
 * seen: an end without its settlement, or a row that has not ended and that nobody will look at.
 * `look_at` is when a sweep should look at a row that has not ended.
 *
 * `contents` and `account_keys` may be read and inserted by the service; erasing an account (deleting
 * its key) belongs to the owner role.
 *
 * Upgrade: new tables only; nothing to convert.
 */
export class Jobs1763700000000 implements MigrationInterface {
  readonly name = 'Jobs1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table orchestrator.jobs, orchestrator.contents, orchestrator.account_keys',
    );
  }
}

const statements = [
  `create table orchestrator.jobs (
    job_id text collate "C" primary key,
    account_id text collate "C" not null,
    status text not null
      check (status in ('pending', 'processing', 'completed', 'failed', 'blocked', 'cancelled')),
    spec json not null,
    metadata json not null,
    price_micros bigint not null check (price_micros >= 0),
    attempt integer not null check (attempt >= 0),
    reported json,
    receipts json,
    released json,
    settlement json,
    failure_code text,
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    deadline_at timestamptz not null,
    look_at timestamptz,
    constraint jobs_end check ((ended_at is null) = (status in ('pending', 'processing'))),
    constraint jobs_settled_before_end check (ended_at is null or settlement is not null),
    constraint jobs_released_when_completed check ((released is null) = (status <> 'completed')),
    constraint jobs_never_forgotten check ((ended_at is null) = (look_at is not null))
  ) with (fillfactor = 60)`,
  `create index jobs_of_account on orchestrator.jobs (account_id, job_id desc)`,
  `create index jobs_to_look_at on orchestrator.jobs (look_at) where look_at is not null`,
  `create table orchestrator.account_keys (
    account_id text collate "C" primary key,
    wrapped_key bytea not null,
    nonce bytea not null,
    master_version integer not null,
    created_at timestamptz not null default now()
  )`,
  `create table orchestrator.contents (
    job_id text collate "C" primary key,
    account_id text collate "C" not null,
    ciphertext bytea not null,
    nonce bytea not null,
    key_version integer not null
  )`,
  `grant select, insert, update on orchestrator.jobs to safelight_orchestrator`,
  `grant select, insert on orchestrator.contents, orchestrator.account_keys
    to safelight_orchestrator`,
];
