import { firstIdAt } from '@safelight/contracts';
import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import { CLOCKS_APART_MS, OLDEST_ID_MS } from './job.page.sql.js';

export interface UsageRow {
  readonly day: string;
  readonly model: string;
  readonly key_id: string | null;
  readonly jobs: bigint;
  readonly completed: bigint;
  readonly captured_micros: bigint;
}

/** What an account used from one time until before another; the index bounds what is read. */
export const usageOf = (accountId: string, from: string, to: string): RawBuilder<UsageRow> =>
  sql<UsageRow>`
    select (created_at at time zone 'utc')::date::text as day, spec ->> 'model' as model, key_id,
      count(*) as jobs, count(*) filter (where status = 'completed') as completed,
      coalesce(sum((settlement ->> 'capturedMicros')::bigint), 0)::bigint as captured_micros
    from jobs
    where account_id = ${accountId}
      and job_id >= ${firstIdAt('job', Date.parse(from) - OLDEST_ID_MS)}
      and job_id < ${firstIdAt('job', Date.parse(to) + CLOCKS_APART_MS)}
      and created_at >= ${from} and created_at < ${to}
    group by 1, 2, 3 order by 1 desc, 2, 3`;
