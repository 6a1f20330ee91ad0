import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A second net under the account id of the credential (decision 19). The reader role may only SELECT,
 * and sees the rows of the account that the database transaction is for, with its events and sealed
 * words; for nobody in particular it sees the feed. The service itself writes and sweeps for all
 * accounts: its policies are constant, so the planner drops them and its statements cost nothing more.
 *
 * Upgrade: policies and grants alone. The role is made by `provision`, which runs before.
 */
export class CustomerReads1763900000019 implements MigrationInterface {
  readonly name = 'CustomerReads1763900000019';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      await runner.query(`
        drop policy own on orchestrator.${table};
        drop policy service on orchestrator.${table};
        revoke select on orchestrator.${table} from safelight_orchestrator_reader;
        alter table orchestrator.${table} disable row level security`);
    }
    await runner.query('drop policy everybody on orchestrator.jobs');
  }
}

const tables = ['jobs', 'job_labels', 'contents', 'events'] as const;
const account = `current_setting('safelight.account', true)`;

/**
 * An event belongs to the account of its job. A scalar subquery is looked up for each event by key;
 * EXISTS could become a hash over all jobs of the account.
 */
const ofStream = `(select j.account_id from orchestrator.jobs j
  where j.job_id = substr(stream_id, length('job-') + 1)) = ${account}`;

const statements = [
  ...tables.flatMap((table) => [
    `alter table orchestrator.${table} enable row level security`,
    `create policy service on orchestrator.${table} to safelight_orchestrator
      using (true) with check (true)`,
    `create policy own on orchestrator.${table} for select to safelight_orchestrator_reader
      using (${table === 'events' ? ofStream : `account_id = ${account}`})`,
    `grant select on orchestrator.${table} to safelight_orchestrator_reader`,
  ]),
  // What the index jobs_in_feed is over, and only where no account is named.
  `create policy everybody on orchestrator.jobs for select to safelight_orchestrator_reader
    using (coalesce(${account}, '') = '' and spec ->> 'visibility' = 'public'
      and spec -> 'test' is null and status = 'completed' and deleted_at is null)`,
];
