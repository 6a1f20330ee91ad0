import type { Statement } from '@safelight/postgres';

/**
 * Named one by one: a connection plans these statements once, and must go on when a later migration
 * adds a column.
 */
const columns = `job_id, account_id, key_id, status, spec, metadata, price_micros, attempt, reported,
  receipts, released, settlement, failure_code, created_at, started_at, ended_at, deadline_at,
  retry_of, deleted_at, look_at`;

export const findJobs = (jobIds: readonly string[]): Statement => ({
  name: 'orchestrator_find_jobs',
  text: `select ${columns} from jobs where job_id = any($1)`,
  values: [jobIds],
});

/** Whose a job is and whether it is over: what must be known before its events are shown. */
export const findOwner = (jobId: string): Statement => ({
  name: 'orchestrator_find_owner',
  text: 'select account_id, ended_at is not null from jobs where job_id = $1',
  values: [jobId],
});

/** The jobs shown to everybody, newest first, along the index `jobs_in_feed`. */
export const feedPage = (limit: number, before: string | null): Statement => ({
  name: before === null ? 'orchestrator_feed' : 'orchestrator_feed_before',
  text: `select ${columns} from jobs
    where spec ->> 'visibility' = 'public' and spec -> 'test' is null and status = 'completed'
      and deleted_at is null and ${before === null ? 'true' : 'job_id < $2'}
    order by job_id desc limit $1`,
  values: before === null ? [limit] : [limit, before],
});
