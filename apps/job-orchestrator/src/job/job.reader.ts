import { GroupCommit } from '@safelight/postgres';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { JobRow, OrchestratorTables } from '../tables.js';
import { usageOf, type UsageRow } from './job.usage.sql.js';
import { jobPage, type JobPage } from './job.page.sql.js';

/** Reads of the table `jobs`; those asked for one by one at the same moment share a query. */
export class JobReader {
  private readonly finding: GroupCommit<string, JobRow | undefined>;

  constructor(private readonly db: Kysely<OrchestratorTables>) {
    this.finding = new GroupCommit({ run: (jobIds) => this.findAll(jobIds) });
  }

  find(jobId: string): Promise<JobRow | undefined> {
    return this.finding.submit(jobId);
  }

  async endedAmong(jobIds: readonly string[]): Promise<string[]> {
    const rows = await this.db
      .selectFrom('jobs')
      .select('job_id')
      .where('job_id', '=', sql<string>`any(${jobIds})`)
      .where('ended_at', 'is not', null)
      .execute();
    return rows.map(({ job_id }) => job_id);
  }

  /** One account's jobs, newest first. */
  async page(page: JobPage): Promise<JobRow[]> {
    return (await jobPage(page).execute(this.db)).rows;
  }

  /** The jobs shown to everybody, newest first, along the index `jobs_in_feed`. */
  async feed(limit: number, before: string | null): Promise<JobRow[]> {
    const older = before === null ? sql`true` : sql`job_id < ${before}`;
    const { rows } = await sql<JobRow>`
      select * from jobs where spec ->> 'visibility' = 'public' and spec -> 'test' is null
        and status = 'completed' and deleted_at is null and ${older}
      order by job_id desc limit ${limit}`.execute(this.db);
    return rows;
  }

  /** Jobs and credits by day, model and key. */
  async usage(accountId: string, from: string, to: string): Promise<UsageRow[]> {
    return (await usageOf(accountId, from, to).execute(this.db)).rows;
  }

  private async findAll(jobIds: readonly string[]): Promise<(JobRow | undefined)[]> {
    const rows = await this.db
      .selectFrom('jobs')
      .selectAll()
      .where('job_id', '=', sql<string>`any(${jobIds})`)
      .execute();
    const byId = new Map(rows.map((row) => [row.job_id, row]));
    return jobIds.map((jobId) => byId.get(jobId));
  }
}
