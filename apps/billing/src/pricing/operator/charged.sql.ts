import type pg from 'pg';

/** Jobs that were charged alike: the same account, the same item, the same part of it. */
export interface ChargedRow {
  readonly account_id: string;
  /** Canonical text. */
  readonly item: string;
  /** What was held for one. */
  readonly price_micros: string;
  /** What one came to: what was captured, or all of it while the hold is open. */
  readonly charged_micros: string;
  /** The part that was captured; `null` while the hold is open or where nothing was. */
  readonly numerator: number | null;
  readonly denominator: number | null;
}

/** Jobs whose hold was given back whole cost nothing, under any book. */
const holdsText = (columns: string) => `
select ${columns}
from billing.transactions h
left join billing.transactions s on s.id = 'settle:' || substr(h.id, length('hold:') + 1)
where h.kind = 'hold' and h.recorded_at >= $1 and h.recorded_at < $2
  and (s.id is null or s.kind = 'captured')`;

const columns = `h.account_id, h.item, h.held_micros::text as price_micros,
  coalesce(s.revenue_micros, h.held_micros)::text as charged_micros,
  (s.metadata ->> 'numerator')::int as numerator,
  (s.metadata ->> 'denominator')::int as denominator`;

export interface Period {
  readonly from: Date;
  readonly until: Date;
}

/** Rows at a time: what is held in memory, however many there are. */
const PAGE = 10_000;

/**
 * Every job of a period that was charged or is still to be, as of one moment, page by page through a
 * cursor: two scans and a hash join in the database, and as much memory here as a page takes.
 *
 * @param client - of a connection that nobody else uses
 */
export async function* chargedJobs(
  client: pg.ClientBase,
  { from, until }: Period,
): AsyncGenerator<{ readonly total: number; readonly page: readonly ChargedRow[] }> {
  await client.query('begin isolation level repeatable read read only');
  try {
    const values = [from.toISOString(), until.toISOString()];
    const count = await client.query<{ n: string }>(holdsText('count(*)::text as n'), values);
    const total = Number(count.rows[0]?.n ?? 0);
    await client.query(`declare charged no scroll cursor for ${holdsText(columns)}`, values);
    for (;;) {
      const { rows: page } = await client.query<ChargedRow>(`fetch ${PAGE} from charged`);
      if (page.length === 0) return;
      yield { total, page };
    }
  } finally {
    await client.query('rollback');
  }
}
