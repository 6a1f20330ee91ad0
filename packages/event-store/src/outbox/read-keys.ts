import type { RecordedEvent } from '@safelight/event-sourcing';
import type pg from 'pg';
import { recordedColumns, toRecorded, type RecordedRow } from '../recorded.js';
import type { Cursor } from '../reading/cursor.js';

type KeyRow = [transactionId: bigint, position: bigint];

const toKey = ([transactionId, position]: KeyRow): Cursor => ({ transactionId, position });

// None of these is named: a plan cached while the table was small would read all of it when it has
// grown, and the relay asks once a second.

/** As `readBatch`, but without the content: most of it was published already. */
const keysText = (schema: string): string => `
  SELECT transaction_id, position FROM ${schema}.events
  WHERE (transaction_id, position) > ($1::xid8, $2::bigint)
    AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY transaction_id, position LIMIT $3`;

const countText = (schema: string): string => `
  SELECT count(*), pg_snapshot_xmin(pg_current_snapshot()) FROM ${schema}.events
  WHERE (transaction_id, position) > ($1::xid8, $2::bigint)
    AND (transaction_id, position) <= ($3::xid8, $4::bigint)
    AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())`;

const headText = (schema: string): string => `
  SELECT transaction_id, position FROM ${schema}.events
  ORDER BY transaction_id DESC, position DESC LIMIT 1`;

const contentText = (schema: string): string => `
  SELECT ${recordedColumns} FROM unnest($1::xid8[], $2::bigint[]) AS wanted (xid, place)
  JOIN ${schema}.events e ON e.transaction_id = wanted.xid AND e.position = wanted.place
  ORDER BY e.transaction_id, e.position`;

/** Keys of the next committed events after `cursor`. */
export async function readKeys(
  client: pg.PoolClient,
  schema: string,
  { transactionId, position }: Cursor,
  limit: number,
): Promise<Cursor[]> {
  const values = [transactionId, position, limit];
  const { rows } = await client.query<KeyRow>({
    text: keysText(schema),
    rowMode: 'array',
    values,
  });
  return rows.map(toKey);
}

export interface Counted {
  readonly count: number;
  /** Only database transactions before this one were counted: all of those have ended. */
  readonly horizon: bigint;
}

/** How many committed events lie after `after`, up to `upTo`. */
export async function countEvents(
  client: pg.PoolClient,
  schema: string,
  after: Cursor,
  upTo: Cursor,
): Promise<Counted> {
  const { rows } = await client.query<[count: bigint, horizon: bigint]>({
    text: countText(schema),
    rowMode: 'array',
    values: [after.transactionId, after.position, upTo.transactionId, upTo.position],
  });
  const [count, horizon] = rows[0] ?? [0n, 0n];
  return { count: Number(count), horizon };
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
  keys: readonly Cursor[],
): Promise<RecordedEvent[]> {
  const { rows } = await client.query<RecordedRow>({
    text: contentText(schema),
    rowMode: 'array',
    values: [keys.map(({ transactionId }) => transactionId), keys.map(({ position }) => position)],
  });
  return rows.map(toRecorded);
}
