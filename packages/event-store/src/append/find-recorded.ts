import type { RecordedEvent } from '@safelight/event-sourcing';
import type pg from 'pg';
import { recordedColumns, toRecorded, type RecordedRow } from '../recorded.js';
import type { Placed } from './append.js';
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

const headsText = (schema: string): string => `
  SELECT asked.stream_id, coalesce((
    SELECT e.version FROM ${schema}.events e WHERE e.stream_id = asked.stream_id
    ORDER BY e.version DESC LIMIT 1), 0)
  FROM unnest($1::text[]) AS asked (stream_id)`;

/**
 * Which units of a batch cannot be inserted as things are, and what the database holds about them:
 * a command or a message that was recorded before, or a stream that has another version. May be
 * none: then whatever stood in the way is gone.
 */
export async function findRefused(
  pool: pg.Pool,
  schema: string,
  placed: readonly Placed[],
): Promise<Map<PreparedUnit, AppendOutcome>> {
  const units = placed.map(({ unit }) => unit);
  const [commands, handled, heads] = await Promise.all([
    recordedCommands(pool, schema, units),
    handledMessages(pool, schema, units),
    headsOf(pool, schema, units),
  ]);
  const refused = new Map<PreparedUnit, AppendOutcome>();
  for (const { unit } of placed) {
    const outcome = outcomeOf(unit, commands, handled);
    const head = heads.get(unit.streamId);
    // What only records a message does not care about the version.
    const fits = unit.events.length === 0 || unit.expectedVersion === head;
    if (outcome.status !== 'conflict' || !fits) refused.set(unit, outcome);
    // Those that come after it in the batch may build on it.
    else heads.set(unit.streamId, unit.expectedVersion + unit.events.length);
  }
  return refused;
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

async function headsOf(
  pool: pg.Pool,
  schema: string,
  units: readonly PreparedUnit[],
): Promise<Map<string, number>> {
  const { rows } = await pool.query<[string, number]>({
    text: headsText(schema),
    rowMode: 'array',
    values: [[...new Set(units.map(({ streamId }) => streamId))]],
  });
  return new Map(rows);
}
