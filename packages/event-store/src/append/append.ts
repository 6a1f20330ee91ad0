import type pg from 'pg';
import type { PreparedEvent, PreparedUnit } from './unit.js';

/**
 * All events of a batch in one statement. What another writer, or an earlier unit of this batch,
 * has taken is left out, and is then missing from the answer. `after` says which version must exist
 * for the row to follow it; null when a row of the same statement comes before it. The comparison is
 * a scalar subquery because that can only be an index look-up per unit, never a hash of the table.
 */
const text = (schema: string): string => `
  INSERT INTO ${schema}.events (stream_id, version, event_id, command_id, command_index, type,
    schema_version, payload, metadata, sha256)
  SELECT u.stream_id, u.version, u.event_id, u.command_id, u.command_index, u.type,
    u.schema_version, u.payload, u.metadata, decode(u.sha256, 'hex')
  FROM unnest($1::text[], $2::int[], $3::uuid[], $4::text[], $5::smallint[], $6::text[],
    $7::int[], $8::json[], $9::json[], $10::text[], $11::int[])
    AS u (stream_id, version, event_id, command_id, command_index, type,
      schema_version, payload, metadata, sha256, after)
  WHERE u.after IS NULL OR u.after = (
    SELECT h.version FROM ${schema}.events h
    WHERE h.stream_id = u.stream_id AND h.version = u.after)
  ON CONFLICT DO NOTHING
  RETURNING event_id, position, transaction_id,
    floor(extract(epoch FROM recorded_at) * 1000)::float8`;

export type InsertedRow = [
  eventId: string,
  position: bigint,
  transactionId: bigint,
  recordedAtMs: number,
];

export interface UnitToInsert {
  readonly unit: PreparedUnit;
  /** The version that must exist already; `null` when there is nothing to look up. */
  readonly after: number | null;
}

/** @returns one row per event that was inserted, in order */
export async function insertEvents(
  client: pg.PoolClient,
  schema: string,
  units: readonly UnitToInsert[],
): Promise<InsertedRow[]> {
  const rows = units.flatMap(({ unit, after }) =>
    unit.events.map((event, index) => ({ unit, event, index, after: index === 0 ? after : null })),
  );
  if (rows.length === 0) return [];
  const of = (part: (event: PreparedEvent) => unknown) => rows.map(({ event }) => part(event));
  const { rows: inserted } = await client.query<InsertedRow>({
    name: `${schema}_append`,
    text: text(schema),
    rowMode: 'array',
    values: [
      rows.map(({ unit }) => unit.streamId),
      rows.map(({ unit, index }) => unit.expectedVersion + index + 1),
      of((event) => event.eventId),
      rows.map(({ unit }) => unit.commandId),
      rows.map(({ index }) => index),
      of((event) => event.type),
      of((event) => event.schemaVersion),
      of((event) => event.payload),
      rows.map(({ unit }) => unit.metadata),
      of((event) => event.sha256),
      rows.map(({ after }) => after),
    ],
  });
  return inserted;
}
