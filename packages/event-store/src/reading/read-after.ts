import type { RecordedEvent } from '@safelight/event-sourcing';
import type pg from 'pg';
import { recordedColumns, toRecorded, type RecordedRow } from '../recorded.js';
import type { Cursor } from './cursor.js';

/**
 * Only below the oldest database transaction that still runs: what is above may yet get company
 * with a smaller number.
 */
const text = (schema: string): string => `
  SELECT ${recordedColumns} FROM ${schema}.events e
  WHERE (e.transaction_id, e.position) > ($1::xid8, $2::bigint)
    AND e.transaction_id < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY e.transaction_id, e.position LIMIT $3`;

/**
 * The next events of all streams after `cursor`, each committed event exactly once, in
 * (transaction, position) order.
 *
 * @returns the events and the cursor to go on from
 */
export async function readBatch(
  source: pg.Pool | pg.PoolClient,
  schema: string,
  cursor: Cursor,
  limit: number,
): Promise<{ events: RecordedEvent[]; cursor: Cursor }> {
  const { rows } = await source.query<RecordedRow>({
    text: text(schema),
    rowMode: 'array',
    values: [cursor.transactionId, cursor.position, limit],
  });
  const events = rows.map(toRecorded);
  return { events, cursor: events.at(-1) ?? cursor };
}
