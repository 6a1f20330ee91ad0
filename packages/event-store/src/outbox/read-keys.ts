import type { RecordedEvent } from '@safelight/event-sourcing';
import type pg from 'pg';
import { recordedColumns, toRecorded, type RecordedRow } from '../recorded.js';
import type { Cursor } from '../reading/cursor.js';

export interface EventKey extends Cursor {
  readonly eventId: string;
}

type KeyRow = [transactionId: bigint, position: bigint, eventId: string];

const toKey = ([transactionId, position, eventId]: KeyRow): EventKey => ({
  transactionId,
  position,
  eventId,
});

/** As `readBatch`, but without the content: most of it was published already. */
const keysText = (schema: string): string => `
  SELECT transaction_id, position, event_id FROM ${schema}.events
  WHERE (transaction_id, position) > ($1::xid8, $2::bigint)
    AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY transaction_id, position LIMIT $3`;

const headText = (schema: string): string => `
  SELECT transaction_id, position, event_id FROM ${schema}.events
  ORDER BY transaction_id DESC, position DESC LIMIT 1`;

const contentText = (schema: string): string => `
  SELECT ${recordedColumns} FROM ${schema}.events e WHERE e.position = ANY ($1::bigint[])
  ORDER BY e.transaction_id, e.position`;

/** Keys of the next committed events after `cursor`. */
export async function readKeys(
  client: pg.PoolClient,
  schema: string,
  { transactionId, position }: Cursor,
  limit: number,
): Promise<EventKey[]> {
  const values = [transactionId, position, limit];
  const { rows } = await client.query<KeyRow>({
    text: keysText(schema),
    rowMode: 'array',
    values,
  });
  return rows.map(toKey);
}

/** The newest committed event in a reader's order, whether or not readers may see it yet. */
export async function readHead(pool: pg.Pool, schema: string): Promise<Cursor | undefined> {
  const { rows } = await pool.query<KeyRow>({ text: headText(schema), rowMode: 'array' });
  return rows.map(toKey)[0];
}

/** The events behind some keys, in a reader's order. */
export async function readContent(
  client: pg.PoolClient,
  schema: string,
  keys: readonly EventKey[],
): Promise<RecordedEvent[]> {
  const { rows } = await client.query<RecordedRow>({
    text: contentText(schema),
    rowMode: 'array',
    values: [keys.map(({ position }) => position)],
  });
  return rows.map(toRecorded);
}
