import type { JobStatus } from '@safelight/contracts';
import type { Statement } from '@safelight/postgres';

/** Changed columns of one row, as JSON; a missing one stays as it is. */
export interface JobPatch {
  job_id: string;
  account_id?: string;
  key_id?: string;
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
  deadline_at?: string;
  retry_of?: string | null;
  /** Kept from whichever event said it first. */
  started_at?: string;
  /** These happen now, by the clock of the database transaction. */
  created?: true;
  started?: true;
  ended?: true;
  erased?: true;
  /** Whether a sweep should soon see that what is due was done. */
  look?: true;
}

/** How long after a fact that makes something due a sweep should look whether it was done. */
const LOOK_AFTER = '15 seconds';

/** Amounts as decimal strings, as everywhere in JSON. */
const toJson = (patches: readonly JobPatch[]): string =>
  JSON.stringify(patches, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );

const insertText = `
  insert into jobs (job_id, account_id, key_id, status, spec, metadata, price_micros, attempt,
                    retry_of, created_at, deadline_at, look_at)
  select job_id, account_id, key_id, status, spec, metadata, price_micros, attempt,
         retry_of, now(), deadline_at, deadline_at
  from json_to_recordset($1::json) as added (
    job_id text, account_id text, key_id text, status text, spec json, metadata json,
    price_micros bigint,
    attempt integer, retry_of text, deadline_at timestamptz)`;

/** Adds new jobs, to be looked at when their time is over. */
export const insertJobs = (patches: readonly JobPatch[]): Statement => ({
  name: 'orchestrator_insert_jobs',
  text: insertText,
  values: [toJson(patches)],
});

/** One pair of a job's metadata. */
export interface JobLabel {
  account_id: string;
  name: string;
  value: string;
  job_id: string;
}

const insertLabelsText = `
  insert into job_labels (account_id, name, value, job_id)
  select * from json_to_recordset($1::json) as added (
    account_id text, name text, value text, job_id text)`;

export const insertLabels = (labels: readonly JobLabel[]): Statement => ({
  name: 'orchestrator_insert_labels',
  text: insertLabelsText,
  values: [JSON.stringify(labels)],
});

const updateText = `
  update jobs set
    status = coalesce(changed.status, jobs.status),
    attempt = coalesce(changed.attempt, jobs.attempt),
    reported = coalesce(changed.reported, jobs.reported),
    receipts = coalesce(changed.receipts, jobs.receipts),
    released = coalesce(changed.released, jobs.released),
    settlement = coalesce(changed.settlement, jobs.settlement),
    failure_code = coalesce(changed.failure_code, jobs.failure_code),
    started_at = coalesce(jobs.started_at, changed.started_at,
      case when changed.started then now() end),
    ended_at = case when changed.ended then now() else jobs.ended_at end,
    deleted_at = case when changed.erased then now() else jobs.deleted_at end,
    look_at = case
      when changed.ended then null
      when changed.look then least(now() + interval '${LOOK_AFTER}', jobs.look_at)
      else jobs.look_at end
  from json_to_recordset($1::json) as changed (
    job_id text, status text, attempt integer, reported json, receipts json, released json,
    settlement json, failure_code text, started_at timestamptz, started boolean, ended boolean,
    erased boolean, look boolean)
  where jobs.job_id = changed.job_id`;

/**
 * Changes jobs, in the order of their ids so that two writers cannot wait for each other. A sweep
 * looks at the earliest time that any event asked for: never later than the deadline.
 */
export const updateJobs = (patches: readonly JobPatch[]): Statement => ({
  name: 'orchestrator_update_jobs',
  text: updateText,
  values: [toJson([...patches].sort((a, b) => (a.job_id < b.job_id ? -1 : 1)))],
});
