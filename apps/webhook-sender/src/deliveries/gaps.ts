import type pg from 'pg';
import { requireOwn, type Owned } from './deliveries.js';

export interface Gaps {
  readonly fromNumber: number;
  readonly toNumber: number;
  readonly missingCount: number;
  readonly missing: { from: number; to: number }[];
  readonly pendingCount: number;
}

const MOST_RANGES = 1_000;

/**
 * Numbers without an acknowledged delivery, as ranges. Counted against the numbers themselves, not
 * against the rows: a number whose delivery is not there at all is missing too.
 */
const report = `
  WITH bounds AS (
    SELECT coalesce(min(number), $2 + 1) AS first FROM webhooks.deliveries WHERE endpoint_id = $1
  ), missing AS (
    SELECT n AS number, d.state FROM bounds, generate_series(bounds.first, $2::bigint) AS n
    LEFT JOIN webhooks.deliveries d ON d.endpoint_id = $1 AND d.number = n
    WHERE d.acknowledged_at IS NULL
  ), runs AS (
    SELECT min(number) AS first, max(number) AS last FROM (
      SELECT number, number - row_number() OVER (ORDER BY number) AS run FROM missing) m
    GROUP BY run
  )
  SELECT first AS from_number,
    (SELECT count(*) FROM missing) AS missing_count,
    (SELECT count(*) FROM missing WHERE state = 'pending') AS pending_count,
    (SELECT coalesce(json_agg(json_build_object('from', r.first, 'to', r.last) ORDER BY r.first), '[]')
     FROM (SELECT * FROM runs ORDER BY first LIMIT ${MOST_RANGES}) r) AS missing
  FROM bounds`;

interface ReportRow {
  readonly from_number: bigint;
  readonly missing_count: bigint;
  readonly pending_count: bigint;
  readonly missing: { from: number; to: number }[];
}

/** Which of its events an endpoint never acknowledged. @throws DomainError `webhook.not_found` */
export async function gapsOf(pool: pg.Pool, owned: Owned): Promise<Gaps> {
  const { last_number } = await requireOwn(pool, owned);
  const { rows } = await pool.query<ReportRow>(report, [owned.webhookId, last_number]);
  const [row] = rows;
  if (row === undefined) throw new Error('a report without a row');
  return {
    fromNumber: Number(row.from_number),
    toNumber: Number(last_number),
    missingCount: Number(row.missing_count),
    missing: row.missing,
    pendingCount: Number(row.pending_count),
  };
}
