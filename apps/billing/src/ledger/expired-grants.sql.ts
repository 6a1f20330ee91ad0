import { sql, type Kysely } from 'kysely';

export interface ExpiredGrants {
  /** The database's clock, epoch milliseconds. */
  readonly nowMs: number;
  readonly grantIds: readonly string[];
}

/**
 * Grants that ended after `afterMs`, are over now, and of which the account still has something; the
 * oldest first. What is set aside in a hold is not: it expires as it comes back.
 */
export async function readExpiredGrants(
  db: Kysely<unknown>,
  afterMs: number,
  limit: number,
): Promise<ExpiredGrants> {
  const after = new Date(afterMs).toISOString();
  const { rows } = await sql<{ now_ms: string; grant_ids: string[] | null }>`
    with expired as (
      select substr(g.id, length('grant:') + 1) as grant_id from billing.transactions g
      cross join lateral (
        select t.lots_after from billing.transactions t where t.account_id = g.account_id
        order by t.sequence desc limit 1) head
      where g.kind = 'grant'
        and g.expires_at > ${after}::timestamptz and g.expires_at <= statement_timestamp()
        and exists (select from billing.lots_of(head.lots_after) l
          where l.grant_id = substr(g.id, length('grant:') + 1))
      order by g.expires_at limit ${limit})
    select floor(extract(epoch from statement_timestamp()) * 1000)::text as now_ms,
      (select array_agg(grant_id) from expired) as grant_ids`.execute(db);
  const row = rows[0];
  if (!row) throw new Error('expired grants could not be read');
  return { nowMs: Number(row.now_ms), grantIds: row.grant_ids ?? [] };
}
