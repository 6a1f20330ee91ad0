import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { OrchestratorTables } from '../tables.js';

/**
 * Reads across accounts, for other services and never for a customer: row-level security does not
 * hold these, so each has its reason in docs/decisions/0019.
 */
export class JobsOfAll {
  constructor(private readonly db: Kysely<OrchestratorTables>) {}

  /** Which of these are over; a gateway counts the open jobs of all its accounts at once. */
  async endedAmong(jobIds: readonly string[]): Promise<string[]> {
    const rows = await this.db
      .selectFrom('jobs')
      .select('job_id')
      .where('job_id', '=', sql<string>`any(${jobIds})`)
      .where('ended_at', 'is not', null)
      .execute();
    return rows.map(({ job_id }) => job_id);
  }
}
