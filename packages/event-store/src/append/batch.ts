import type { RecordedEvent } from '@safelight/event-sourcing';
import type { InsertedRow, Placed } from './append.js';
import { commandKey } from './find-recorded.js';
import type { StagedEvent } from './projection.js';
import { inboxKey } from './inbox.js';
import type { PreparedUnit } from './unit.js';

/**
 * Sorts a batch by stream (all writers in the same order, so that none waits for another in a
 * circle), a stream's units staying in order, and finds which units build on others of the batch.
 */
export function place(units: readonly PreparedUnit[]): Placed[] {
  const sorted = units.toSorted((a, b) => compare(a.streamId, b.streamId));
  const reached = new Set<string>();
  return sorted.map((unit) => {
    const { streamId, expectedVersion, events } = unit;
    const lookUp = expectedVersion > 0 && !reached.has(`${streamId}\0${expectedVersion}`);
    if (events.length > 0) reached.add(`${streamId}\0${expectedVersion + events.length}`);
    return { unit, after: lookUp ? expectedVersion : null };
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** A batch as projections see it before it is recorded, in the order in which it will be. */
export const stagedOf = (placed: readonly Placed[]): StagedEvent[] =>
  placed.flatMap(({ unit }) =>
    unit.events.map((prepared, index) => ({
      streamId: unit.streamId,
      version: unit.expectedVersion + index + 1,
      eventId: prepared.eventId,
      commandId: unit.commandId,
      schemaVersion: prepared.schemaVersion,
      context: unit.context,
      event: prepared.event,
    })),
  );

/** The events of a batch that was inserted, unit by unit in the batch's order. */
export function recordedOf(
  placed: readonly Placed[],
  staged: readonly StagedEvent[],
  inserted: readonly InsertedRow[],
): Map<PreparedUnit, RecordedEvent[]> {
  if (staged.length !== inserted.length) throw new Error('not every event was answered for');
  const recorded = staged.map((event, index): RecordedEvent => {
    const [position, transactionId, recordedAtMs] = inserted[index] as InsertedRow;
    return { ...event, position, transactionId, recordedAt: new Date(recordedAtMs) };
  });
  let from = 0;
  return new Map(
    placed.map(({ unit }) => [unit, recorded.slice(from, (from += unit.events.length))]),
  );
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
