import { hash } from 'node:crypto';
import type { DomainEvent, MessageContext, RecordedEvent } from '@safelight/event-sourcing';
import { CorruptEvent } from './faults.js';
import { fromStoredJson } from './stored-json.js';

/** The select list that `toRecorded` reads, of a table aliased `e`. */
export const recordedColumns = `
  e.position, e.transaction_id, e.stream_id, e.version, e.event_id, e.command_id, e.schema_version,
  e.payload::text, e.metadata::text, encode(e.sha256, 'hex'),
  floor(extract(epoch FROM e.recorded_at) * 1000)::float8`;

export type RecordedRow = [
  position: bigint,
  transactionId: bigint,
  streamId: string,
  version: number,
  eventId: string,
  commandId: string,
  schemaVersion: number,
  payload: string,
  metadata: string,
  sha256: string,
  recordedAtMs: number,
];

/** @throws CorruptEvent when the stored bytes are not those that were written */
export function toRecorded(row: RecordedRow): RecordedEvent {
  const [position, transactionId, streamId, version, eventId, commandId] = row;
  const [, , , , , , schemaVersion, payload, metadata, sha256, recordedAtMs] = row;
  if (hash('sha256', payload) !== sha256) throw new CorruptEvent(position);
  return {
    position,
    transactionId,
    streamId,
    version,
    eventId,
    commandId,
    schemaVersion,
    recordedAt: new Date(recordedAtMs),
    context: JSON.parse(metadata) as MessageContext,
    event: fromStoredJson(payload) as DomainEvent,
  };
}
