import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { OrchestratorTables } from '../tables.js';
import type { JobStatus } from './job.js';

/** Changed columns of one row, as JSON; a missing one stays as it is. */
export interface JobPatch {
  job_id: string;
  account_id?: string;
  status?: JobStatus;
  spec?: unknown;
  metadata?: unknown;
  price_micros?: bigint;
  attempt?: number;
  reported?: unknown;
  receipts?: unknown;
  released?: unknown;
  settlement?: unknown;
  failure_code?: string;
  created_at?: string;
  /** Kept from whichever event said it first. */
  started_at?: string;
  ended_at?: string;
  deadline_at?: string;
  look_at?: string;
}

/** Amounts as decimal strings, as everywhere in JSON. */
const toJson = (patches: readonly JobPatch[]): string =>
  JSON.stringify(patches, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );

type Db = Kysely<OrchestratorTables>;

/** Adds new jobs; one that is there already stays, so that events can be applied again. */
export async function insertJobs(db: Db, patches: readonly JobPatch[]): Promise<void> {
  if (patches.length === 0) return;
  await sql`
    insert into jobs (job_id, account_id, status, spec, metadata, price_micros, attempt,
                      created_at, deadline_at, look_at)
    select job_id, account_id, status, spec, metadata, price_micros, attempt,
           created_at, deadline_at, look_at
    from json_to_recordset(${toJson(patches)}::json) as added (
      job_id text, account_id text, status text, spec json, metadata json, price_micros bigint,
      attempt integer, created_at timestamptz, deadline_at timestamptz, look_at timestamptz)
    on conflict (job_id) do nothing`.execute(db);
}

/**
 * Changes jobs, in the order of their ids so that two writers cannot wait for each other. A sweep
 * looks at the earliest time that any event asked for: never later than the deadline.
 */
export async function updateJobs(db: Db, patches: readonly JobPatch[]): Promise<void> {
  if (patches.length === 0) return;
  const ordered = [...patches].sort((a, b) => (a.job_id < b.job_id ? -1 : 1));
  await sql`
    update jobs set
      status = coalesce(changed.status, jobs.status),
      attempt = coalesce(changed.attempt, jobs.attempt),
      reported = coalesce(changed.reported, jobs.reported),
      receipts = coalesce(changed.receipts, jobs.receipts),
      released = coalesce(changed.released, jobs.released),
      settlement = coalesce(changed.settlement, jobs.settlement),
      failure_code = coalesce(changed.failure_code, jobs.failure_code),
      started_at = coalesce(jobs.started_at, changed.started_at),
      ended_at = coalesce(changed.ended_at, jobs.ended_at),
      look_at = case when changed.ended_at is null
        then least(changed.look_at, jobs.look_at) end
    from json_to_recordset(${toJson(ordered)}::json) as changed (
      job_id text, status text, attempt integer, reported json, receipts json, released json,
      settlement json, failure_code text, started_at timestamptz, ended_at timestamptz,
      look_at timestamptz)
    where jobs.job_id = changed.job_id`.execute(db);
}
