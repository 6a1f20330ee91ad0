import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people say about decisions and images: appeals, consents, reports. Appeals and reports are
 * only ever added by the service; of a consent it may write the time of its end. The index finds a
 * file that was made here by its digest.
 *
 * Upgrade: new tables, and an index over the outputs that passed.
 */
export class Trust1763900000004 implements MigrationInterface {
  readonly name = 'Trust1763900000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table moderation.appeals, moderation.consents, moderation.reports;
      drop index moderation.decisions_made_here`);
  }
}

const statements = [
  `create index decisions_made_here on moderation.decisions (subject_digest, decision_id)
    where stage = 'output' and verdict = 'pass'`,
  `create table moderation.appeals (
    appeal_id text collate "C" primary key,
    decision_id text collate "C" not null unique references moderation.decisions,
    account_id text collate "C" not null,
    key_id text collate "C" not null,
    statement text not null,
    state text not null default 'open' check (state in ('open', 'upheld', 'overturned')),
    created_at timestamptz not null default clock_timestamp()
  )`,
  `create table moderation.consents (
    consent_id text collate "C" primary key,
    account_id text collate "C" not null,
    key_id text collate "C" not null,
    subject text not null,
    purpose text not null,
    evidence_digest text not null check (evidence_digest ~ '^[0-9a-f]{64}$'),
    expires_at timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    revoked_at timestamptz
  )`,
  `create index consents_of_account on moderation.consents (account_id, consent_id desc)`,
  `create table moderation.reports (
    report_id text collate "C" primary key,
    job_id text collate "C",
    output_id text collate "C",
    image_digest text check (image_digest ~ '^[0-9a-f]{64}$'),
    reason text not null,
    details text not null,
    contact text,
    state text not null default 'open' check (state in ('open', 'taken_down', 'dismissed')),
    created_at timestamptz not null default now(),
    due_at timestamptz not null default now() + interval '48 hours',
    constraint reports_subject check (num_nonnulls(job_id, image_digest) = 1)
  )`,
  `create index reports_due on moderation.reports (due_at) where state = 'open'`,
  `grant select, insert on moderation.appeals, moderation.consents, moderation.reports
    to safelight_moderation`,
  `grant update (revoked_at) on moderation.consents to safelight_moderation`,
];
