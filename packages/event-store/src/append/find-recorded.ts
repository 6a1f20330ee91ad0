import type { RecordedEvent } from '@safelight/event-sourcing';
import type pg from 'pg';
import { recordedColumns, toRecorded, type RecordedRow } from '../recorded.js';
import { inboxKey } from './inbox.js';
import type { AppendOutcome, PreparedUnit } from './unit.js';

const commandsText = (schema: string): string => `
  SELECT ${recordedColumns}
  FROM unnest($1::text[], $2::text[]) AS asked (stream_id, command_id)
  JOIN ${schema}.events e USING (stream_id, command_id)
  ORDER BY e.position`;

const inboxText = (schema: string): string => `
  SELECT i.consumer, i.message_id
  FROM unnest($1::text[], $2::text[]) AS asked (consumer, message_id)
  JOIN ${schema}.inbox i USING (consumer, message_id)`;

/** What the database holds about units that were not inserted. */
export async function classify(
  pool: pg.Pool,
  schema: string,
  units: readonly PreparedUnit[],
): Promise<Map<PreparedUnit, AppendOutcome>> {
  const [commands, handled] = await Promise.all([
    recordedCommands(pool, schema, units),
    handledMessages(pool, schema, units),
  ]);
  return new Map(units.map((unit) => [unit, outcomeOf(unit, commands, handled)]));
}

function outcomeOf(
  unit: PreparedUnit,
  commands: ReadonlyMap<string, RecordedEvent[]>,
  handled: ReadonlySet<string>,
): AppendOutcome {
  const events = commands.get(commandKey(unit));
  if (events) {
    // Our own event ids: an append of ours whose COMMIT was never answered.
    const ours = events[0]?.eventId === unit.events[0]?.eventId;
    return { status: ours ? 'appended' : 'repeated', events };
  }
  if (unit.inbox && handled.has(inboxKey(unit.inbox))) return { status: 'duplicate' };
  return { status: 'conflict' };
}

export const commandKey = (unit: { streamId: string; commandId: string }): string =>
  `${unit.streamId}\0${unit.commandId}`;

async function recordedCommands(
  pool: pg.Pool,
  schema: string,
  units: readonly PreparedUnit[],
): Promise<Map<string, RecordedEvent[]>> {
  const { rows } = await pool.query<RecordedRow>({
    text: commandsText(schema),
    rowMode: 'array',
    values: [units.map(({ streamId }) => streamId), units.map(({ commandId }) => commandId)],
  });
  return Map.groupBy(rows.map(toRecorded), commandKey);
}

async function handledMessages(
  pool: pg.Pool,
  schema: string,
  units: readonly PreparedUnit[],
): Promise<Set<string>> {
  const entries = units.flatMap(({ inbox }) => inbox ?? []);
  if (entries.length === 0) return new Set();
  const { rows } = await pool.query<[string, string]>({
    text: inboxText(schema),
    rowMode: 'array',
    values: [entries.map(({ consumer }) => consumer), entries.map(({ messageId }) => messageId)],
  });
  return new Set(rows.map(([consumer, messageId]) => inboxKey({ consumer, messageId })));
}
