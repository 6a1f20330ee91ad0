import { sql, type Kysely } from 'kysely';
import { overdueFrom, type OverdueRow } from '../overdue-row.js';
import type { Overdue } from '../sweep.js';

/** Unresolved among the first `limit` holds that ended after `afterMs` and are over now. */
export async function readExpiredHolds(
  db: Kysely<unknown>,
  afterMs: number,
  limit: number,
): Promise<Overdue> {
  const after = new Date(afterMs).toISOString();
  const { rows } = await sql<OverdueRow>`
    with due as materialized (
      select substr(h.id, length('hold:') + 1) as hold_id, h.expires_at
      from billing.transactions h
      where h.kind = 'hold' and h.expires_at > ${after}::timestamptz
        and h.expires_at <= statement_timestamp()
      order by h.expires_at limit ${limit})
    select floor(extract(epoch from statement_timestamp()) * 1000)::text as now_ms,
      (select array_agg(due.hold_id order by due.expires_at) from due
        where not exists (select from billing.transactions s
          where s.id = 'settle:' || due.hold_id)) as ids,
      (select count(*)::int from due) as looked_at,
      (select floor(extract(epoch from max(due.expires_at)) * 1000)::text from due) as until_ms`.execute(
    db,
  );
  return overdueFrom(rows[0], limit);
}
