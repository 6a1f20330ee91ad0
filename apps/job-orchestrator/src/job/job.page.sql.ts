import { firstIdAt } from '@safelight/contracts';
import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { JobRow } from '../tables.js';
import type { JobStatus } from './job.js';

/** Which of an account's jobs are wanted; `null` wants them all. */
export interface JobPage {
  readonly accountId: string;
  readonly limit: number;
  /** Job id of the last one seen: ids sort by their time of birth. */
  readonly before: string | null;
  readonly status: JobStatus | null;
  readonly type: string | null;
  /** From this time on, and until before that one. */
  readonly createdAfter: string | null;
  readonly createdBefore: string | null;
  /** All of these pairs. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An id is minted a moment before its job is stored, but a retried request's up to a day before. */
export const OLDEST_ID_MS = 25 * 60 * 60_000;
/** How far the clock of a gateway may be ahead of the database's. */
export const CLOCKS_APART_MS = 60 * 60_000;

/**
 * One account's jobs, newest first, along an index: that of the account's jobs, or that of the first
 * pair of metadata asked for. Times bound the ids that are looked at, and `created_at` decides.
 */
export function jobPage(page: JobPage): RawBuilder<JobRow> {
  const { accountId, limit, before, status, type, createdAfter, createdBefore } = page;
  const [first, ...others] = Object.entries(page.metadata);
  const byLabel = first !== undefined;
  const from = byLabel ? sql`job_labels i join jobs j on j.job_id = i.job_id` : sql`jobs j`;
  const id = byLabel ? sql`i.job_id` : sql`j.job_id`;
  const wanted = [byLabel ? isLabel(accountId, first) : sql`j.account_id = ${accountId}`];
  for (const other of others) {
    wanted.push(
      sql`exists (select from job_labels i where ${isLabel(accountId, other)} and i.job_id = j.job_id)`,
    );
  }
  if (before !== null) wanted.push(sql`${id} < ${before}`);
  if (status !== null) wanted.push(sql`j.status = ${status}`);
  if (type !== null) wanted.push(sql`j.spec ->> 'operation' = ${type}`);
  if (createdAfter !== null) {
    const oldest = firstIdAt('job', Date.parse(createdAfter) - OLDEST_ID_MS);
    wanted.push(sql`${id} >= ${oldest} and j.created_at >= ${createdAfter}`);
  }
  if (createdBefore !== null) {
    const newest = firstIdAt('job', Date.parse(createdBefore) + CLOCKS_APART_MS);
    wanted.push(sql`${id} < ${newest} and j.created_at < ${createdBefore}`);
  }
  return sql<JobRow>`
    select j.* from ${from} where ${sql.join(wanted, sql` and `)}
    order by ${id} desc limit ${limit}`;
}

const isLabel = (accountId: string, [name, value]: [string, string]) =>
  sql`i.account_id = ${accountId} and i.name = ${name} and i.value = ${value}`;
