import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { OrchestratorTables } from '../tables.js';

export interface DueJob {
  readonly job_id: string;
  /** The database's clock, which decides what is overdue. */
  readonly now: Date;
}

/**
 * Claims jobs that somebody should look at, longest waiting first. The claim lasts `againAfterMs`:
 * other instances do not see these rows until then, and if this one dies they turn up again.
 */
export async function claimDueJobs(
  db: Kysely<OrchestratorTables>,
  limit: number,
  againAfterMs: number,
): Promise<DueJob[]> {
  const { rows } = await sql<DueJob>`
    update jobs set look_at = now() + ${againAfterMs} * interval '1 millisecond'
    where job_id in (
      select job_id from jobs where look_at <= now()
      order by look_at limit ${limit} for update skip locked)
    returning job_id, now() as now`.execute(db);
  return rows;
}
