import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What lists of jobs are read along: a row for each pair of a job's metadata, the key that each job
 * was made with, the jobs whose owner shows them to everybody, and those that lean on a consent. A job without metadata costs
 * nothing here.
 *
 * Upgrade: pairs and keys of the jobs that are there are filled in from the jobs and their events,
 * in time proportional to their number.
 */
export class FindingJobs1763900000004 implements MigrationInterface {
  readonly name = 'FindingJobs1763900000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index orchestrator.jobs_in_feed, orchestrator.jobs_by_consent; drop table orchestrator.job_labels;
      alter table orchestrator.jobs drop column key_id`);
  }
}

const statements = [
  `create table orchestrator.job_labels (
    account_id text collate "C" not null,
    name text collate "C" not null,
    value text collate "C" not null,
    job_id text collate "C" not null,
    primary key (account_id, name, value, job_id)
  )`,
  `insert into orchestrator.job_labels
    select j.account_id, pair.key, pair.value, j.job_id
    from orchestrator.jobs j cross join lateral json_each_text(j.metadata) pair`,
  `alter table orchestrator.jobs add column key_id text collate "C"`,
  `update orchestrator.jobs j set key_id = e.payload::json ->> 'keyId'
    from orchestrator.events e
    where e.stream_id = 'job-' || j.job_id and e.version = 1 and e.type = 'JobSubmitted'`,
  `create index jobs_in_feed on orchestrator.jobs (job_id)
    where spec ->> 'visibility' = 'public' and spec -> 'test' is null and status = 'completed'
      and deleted_at is null`,
  `create index jobs_by_consent on orchestrator.jobs ((spec ->> 'consent'), job_id)
    where spec ->> 'consent' is not null and deleted_at is null`,
  `grant select, insert on orchestrator.job_labels to safelight_orchestrator`,
];
