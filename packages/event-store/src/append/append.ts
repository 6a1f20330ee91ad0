import type { Rows, Statement } from '@safelight/postgres';
import type { PreparedUnit } from './unit.js';

/**
 * All events of a batch in one statement, all or none: a version, command or event id that is taken
 * violates its unique index, and a version that should exist and does not leaves a NULL where none
 * may be. `after` says which version must exist for the row to follow it; null when a row of the
 * same statement comes before it. The comparison is a scalar subquery because that can only be an
 * index look-up per unit, never a hash of the table.
 */
const text = (schema: string): string => `
  INSERT INTO ${schema}.events (stream_id, version, event_id, command_id, command_index, type,
    schema_version, payload, metadata, sha256)
  SELECT u.stream_id,
    CASE WHEN u.after IS NULL OR u.after = (
      SELECT h.version FROM ${schema}.events h
      WHERE h.stream_id = u.stream_id AND h.version = u.after) THEN u.version END,
    u.event_id, u.command_id, u.command_index, u.type,
    u.schema_version, u.payload, u.metadata, decode(u.sha256, 'hex')
  FROM json_to_recordset($1::json) AS u (stream_id text, version int, event_id uuid,
    command_id text, command_index smallint, type text, schema_version int, payload json,
    metadata json, sha256 text, after int)
  RETURNING position, transaction_id,
    floor(extract(epoch FROM recorded_at) * 1000)::float8`;

/** What the database gave an event when it recorded it. */
export type InsertedRow = [position: bigint, transactionId: bigint, recordedAtMs: number];

export const insertedRows = (rows: Rows): InsertedRow[] => rows as unknown as InsertedRow[];

/** A unit's place in a batch. */
export interface Placed {
  readonly unit: PreparedUnit;
  /** The version that must exist already; `null` when there is nothing to look up. */
  readonly after: number | null;
}

/**
 * Answers one row per event, in the order of the units. The rows travel as one JSON document: cheaper
 * to write than arrays, whose elements the driver escapes one by one. Payload and metadata are put
 * into it as they are, since `json_to_recordset` hands a field of type `json` on byte by byte: the
 * stored bytes are the very bytes that the digest was taken of, and nobody escapes them on the way.
 */
export function insertEvents(schema: string, units: readonly Placed[]): Statement {
  const rows = units.flatMap(({ unit, after }) =>
    unit.events.map((event, index) => {
      const row = JSON.stringify({
        stream_id: unit.streamId,
        version: unit.expectedVersion + index + 1,
        event_id: event.eventId,
        command_id: unit.commandId,
        command_index: index,
        type: event.type,
        schema_version: event.schemaVersion,
        sha256: event.sha256,
        after: index === 0 ? after : null,
      });
      return `${row.slice(0, -1)},"payload":${event.payload},"metadata":${unit.metadata}}`;
    }),
  );
  return { name: `${schema}_append`, text: text(schema), values: [`[${rows.join(',')}]`] };
}
