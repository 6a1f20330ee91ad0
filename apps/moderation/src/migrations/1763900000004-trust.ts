import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people say about decisions and images: appeals, consents, reports. Appeals and reports are
 * only ever added by the service; of a consent it may write the time of its end. The index finds a
 * file that was made here by its digest.
 *
 * What they wrote lies sealed in `case_words`, each under a key of its own in `case_keys`, which has
 * shorter-lived backups. Erasing deletes the key and empties the row of words; the case and a digest
 * stay.
 *
 * Upgrade: new tables, and an index over the outputs that passed.
 */
export class Trust1763900000004 implements MigrationInterface {
  readonly name = 'Trust1763900000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table moderation.appeals, moderation.consents, moderation.reports,
        moderation.case_words, moderation.case_keys;
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
    state text not null default 'open' check (state in ('open', 'upheld', 'overturned')),
    created_at timestamptz not null default clock_timestamp()
  )`,
  `create table moderation.consents (
    consent_id text collate "C" primary key,
    account_id text collate "C" not null,
    key_id text collate "C" not null,
    evidence_digest text not null check (evidence_digest ~ '^[0-9a-f]{64}$'),
    expires_at timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    revoked_at timestamptz,
    withdrawn_at timestamptz check (withdrawn_at >= revoked_at)
  )`,
  `create index consents_to_withdraw on moderation.consents (consent_id)
    where revoked_at is not null and withdrawn_at is null`,
  `create index consents_of_account on moderation.consents (account_id, consent_id desc)`,
  `create table moderation.reports (
    report_id text collate "C" primary key,
    job_id text collate "C",
    output_id text collate "C",
    image_digest text check (image_digest ~ '^[0-9a-f]{64}$'),
    reason text not null,
    state text not null default 'open' check (state in ('open', 'taken_down', 'dismissed')),
    created_at timestamptz not null default now(),
    due_at timestamptz not null default now() + interval '48 hours',
    constraint reports_subject check (num_nonnulls(job_id, image_digest) = 1)
  )`,
  `create index reports_due on moderation.reports (due_at) where state = 'open'`,
  `create table moderation.case_words (
    case_id text collate "C" primary key,
    account_id text collate "C",
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    ciphertext bytea,
    nonce bytea,
    erased_at timestamptz,
    constraint case_words_erased check (
      num_nulls(ciphertext, nonce) = case when erased_at is null then 0 else 2 end)
  )`,
  `create table moderation.case_keys (
    case_id text collate "C" primary key,
    account_id text collate "C",
    wrapped_key bytea not null,
    nonce bytea not null,
    master_version int not null,
    erase_at timestamptz
  )`,
  `create index case_keys_of_account on moderation.case_keys (account_id)
    where account_id is not null`,
  `create index case_keys_due on moderation.case_keys (erase_at) where erase_at is not null`,
  `grant select, insert on moderation.case_words, moderation.case_keys to safelight_moderation`,
  `grant update (ciphertext, nonce, erased_at) on moderation.case_words to safelight_moderation`,
  `grant delete on moderation.case_keys to safelight_moderation`,
  `grant select, insert on moderation.appeals, moderation.consents, moderation.reports
    to safelight_moderation`,
  `grant update (revoked_at, withdrawn_at) on moderation.consents to safelight_moderation`,
];
