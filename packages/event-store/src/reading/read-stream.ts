import type { RecordedEvent } from '@safelight/event-sourcing';
import type { Statement } from '@safelight/postgres';
import type pg from 'pg';
import { recordedColumns, toRecorded, type RecordedRow } from '../recorded.js';

// Not named: a plan cached while the table was small would read all of it when it has grown.
const oneText = (schema: string): string => `
  SELECT ${recordedColumns} FROM ${schema}.events e
  WHERE e.stream_id = $1 AND e.version > $2 ORDER BY e.version`;

const manyText = (schema: string): string => `
  SELECT ${recordedColumns} FROM ${schema}.events e
  WHERE e.stream_id = ANY ($1::text[]) ORDER BY e.stream_id, e.version`;

/** What `readStream` asks, for whoever asks it in a database transaction of theirs; `toRecorded` reads it. */
export const streamStatement = (schema: string, streamId: string, afterVersion = 0): Statement => ({
  name: '',
  text: oneText(schema),
  values: [streamId, afterVersion],
});

/** The events of one stream above `afterVersion`, in order. */
export async function readStream(
  pool: pg.Pool,
  schema: string,
  streamId: string,
  afterVersion = 0,
): Promise<RecordedEvent[]> {
  const { text, values } = streamStatement(schema, streamId, afterVersion);
  const { rows } = await pool.query<RecordedRow>({ text, rowMode: 'array', values: [...values] });
  return rows.map(toRecorded);
}

/** The events of several streams, in order; a stream without events has an empty list. */
export async function readStreams(
  pool: pg.Pool,
  schema: string,
  streamIds: readonly string[],
): Promise<Map<string, RecordedEvent[]>> {
  const { rows } = await pool.query<RecordedRow>({
    text: manyText(schema),
    rowMode: 'array',
    values: [streamIds],
  });
  const found = Map.groupBy(rows.map(toRecorded), ({ streamId }) => streamId);
  return new Map(streamIds.map((streamId) => [streamId, found.get(streamId) ?? []]));
}
