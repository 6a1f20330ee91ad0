import { sql, type Kysely } from 'kysely';
import { overdueFrom, type OverdueRow } from '../overdue-row.js';
import type { Overdue } from '../sweep.js';

/**
 * Those of which the account still has something, among the first `limit` grants that ended after
 * `afterMs` and are over now. What is set aside in a hold is not: it expires as it comes back.
 */
export async function readExpiredGrants(
  db: Kysely<unknown>,
  afterMs: number,
  limit: number,
): Promise<Overdue> {
  const after = new Date(afterMs).toISOString();
  const { rows } = await sql<OverdueRow>`
    with due as materialized (
      select substr(g.id, length('grant:') + 1) as grant_id, g.account_id, g.expires_at
      from billing.transactions g
      where g.kind = 'grant' and g.expires_at is not null
        and g.expires_at > ${after}::timestamptz and g.expires_at <= statement_timestamp()
      order by g.expires_at limit ${limit})
    select floor(extract(epoch from statement_timestamp()) * 1000)::text as now_ms,
      (select array_agg(due.grant_id order by due.expires_at) from due
        cross join lateral (
          select t.lots_after from billing.transactions t where t.account_id = due.account_id
          order by t.sequence desc limit 1) head
        where exists (select from billing.lots_of(head.lots_after) l
          where l.grant_id = due.grant_id)) as ids,
      (select count(*)::int from due) as looked_at,
      (select floor(extract(epoch from max(due.expires_at)) * 1000)::text from due) as until_ms`.execute(
    db,
  );
  return overdueFrom(rows[0], limit);
}
