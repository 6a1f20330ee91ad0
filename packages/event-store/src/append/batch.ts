import type { RecordedEvent } from '@safelight/event-sourcing';
import type { InsertedRow, UnitToInsert } from './append.js';
import { commandKey } from './find-recorded.js';
import { inboxKey } from './inbox.js';
import type { PreparedUnit } from './unit.js';

/** A unit's place in a batch. */
export interface Placed extends UnitToInsert {
  /** The unit of this batch that brings the stream to the version this one expects. */
  readonly follows: PreparedUnit | undefined;
}

/**
 * Sorts a batch by stream (all writers in the same order, so that none waits for another in a
 * circle), a stream's units staying in order, and finds which units build on others of the batch.
 */
export function place(units: readonly PreparedUnit[]): Placed[] {
  const sorted = units.toSorted((a, b) => compare(a.streamId, b.streamId));
  const reaches = new Map<string, PreparedUnit>();
  return sorted.map((unit) => {
    const { streamId, expectedVersion, events } = unit;
    const follows =
      expectedVersion > 0 ? reaches.get(`${streamId}\0${expectedVersion}`) : undefined;
    const end = `${streamId}\0${expectedVersion + events.length}`;
    if (events.length > 0 && !reaches.has(end)) reaches.set(end, unit);
    const lookUp = expectedVersion > 0 && follows === undefined;
    return { unit, follows, after: lookUp ? expectedVersion : null };
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Units that were not inserted whole, and those that build on them. */
export function refusedOf(
  placed: readonly Placed[],
  inserted: readonly InsertedRow[],
  freshMessages: ReadonlySet<string>,
): Set<PreparedUnit> {
  const ids = new Set(inserted.map(([eventId]) => eventId));
  const refused = new Set<PreparedUnit>();
  for (const { unit, follows } of placed) {
    const known = unit.inbox !== undefined && !freshMessages.has(inboxKey(unit.inbox));
    const stranded = follows !== undefined && refused.has(follows);
    if (known || stranded || !unit.events.every(({ eventId }) => ids.has(eventId))) {
      refused.add(unit);
    }
  }
  return refused;
}

/** The events of a batch that was inserted whole, unit by unit in the batch's order. */
export function recordedOf(
  placed: readonly Placed[],
  inserted: readonly InsertedRow[],
): Map<PreparedUnit, RecordedEvent[]> {
  const rows = inserted.values();
  return new Map(
    placed.map(({ unit }) => [
      unit,
      unit.events.map((prepared, index) => {
        const row = rows.next().value;
        if (row?.[0] !== prepared.eventId) throw new Error('events came back in another order');
        return recorded(unit, index, row);
      }),
    ]),
  );
}

function recorded(unit: PreparedUnit, index: number, row: InsertedRow): RecordedEvent {
  const [eventId, position, transactionId, recordedAtMs] = row;
  const prepared = unit.events[index];
  if (!prepared) throw new Error('an event is missing');
  return {
    position,
    transactionId,
    streamId: unit.streamId,
    version: unit.expectedVersion + index + 1,
    eventId,
    commandId: unit.commandId,
    schemaVersion: prepared.schemaVersion,
    recordedAt: new Date(recordedAtMs),
    context: unit.context,
    event: prepared.event,
  };
}

/**
 * Sets aside units that repeat a command or a message of an earlier unit of the same batch: only
 * when that one is decided can they be told what became of it.
 */
export function withoutTwins(units: readonly PreparedUnit[]): {
  first: PreparedUnit[];
  twins: PreparedUnit[];
} {
  const seen = new Set<string>();
  const [first, twins]: [PreparedUnit[], PreparedUnit[]] = [[], []];
  for (const unit of units) {
    const keys = [`command\0${commandKey(unit)}`];
    if (unit.inbox) keys.push(`message\0${inboxKey(unit.inbox)}`);
    (keys.some((key) => seen.has(key)) ? twins : first).push(unit);
    for (const key of keys) seen.add(key);
  }
  return { first, twins };
}
