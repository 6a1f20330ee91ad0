import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { JobRow, OrchestratorTables } from '../tables.js';

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

  /** What was made of a consent and is not deleted yet, the oldest first; moderation asks, when it is over. */
  leaningOn(
    { accountId, consentId }: { readonly accountId: string; readonly consentId: string },
    limit: number,
  ): Promise<JobRow[]> {
    return this.db
      .selectFrom('jobs')
      .selectAll()
      .where(sql<string>`spec ->> 'consent'`, '=', consentId)
      .where('account_id', '=', accountId)
      .where('deleted_at', 'is', null)
      .orderBy('job_id')
      .limit(limit)
      .execute();
  }

  /** The open jobs of an account that moderation has suspended, the oldest first. */
  async openOf(accountId: string, limit: number): Promise<string[]> {
    const rows = await this.db
      .selectFrom('jobs')
      .select('job_id')
      .where('account_id', '=', accountId)
      .where('ended_at', 'is', null)
      .orderBy('job_id')
      .limit(limit)
      .execute();
    return rows.map(({ job_id }) => job_id);
  }
}
