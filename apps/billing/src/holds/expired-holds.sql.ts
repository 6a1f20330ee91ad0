import { sql, type Kysely } from 'kysely';

export interface ExpiredHolds {
  /** The database's clock, epoch milliseconds. */
  readonly nowMs: number;
  readonly holdIds: readonly string[];
}

/** Unresolved holds that ended after `afterMs` and are over now, the oldest first. */
export async function readExpiredHolds(
  db: Kysely<unknown>,
  afterMs: number,
  limit: number,
): Promise<ExpiredHolds> {
  const after = new Date(afterMs).toISOString();
  const { rows } = await sql<{ now_ms: string; hold_ids: string[] | null }>`
    with expired as (
      select substr(h.id, length('hold:') + 1) as hold_id from billing.transactions h
      where h.kind = 'hold' and h.expires_at > ${after}::timestamptz and h.expires_at <= statement_timestamp()
        and not exists (select from billing.transactions s
          where s.id = 'settle:' || substr(h.id, length('hold:') + 1))
      order by h.expires_at limit ${limit})
    select floor(extract(epoch from statement_timestamp()) * 1000)::text as now_ms,
      (select array_agg(hold_id) from expired) as hold_ids`.execute(db);
  const row = rows[0];
  if (!row) throw new Error('expired holds could not be read');
  return { nowMs: Number(row.now_ms), holdIds: row.hold_ids ?? [] };
}
