import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hasReached, type Cursor } from '../reading/cursor.js';
import { KnownEvents } from './known-events.js';

const at = (transactionId: number, position: number): Cursor => ({
  transactionId: BigInt(transactionId),
  position: BigInt(position),
});

const small = fc.integer({ min: 0, max: 12 });
const cursor = fc.tuple(small, small).map(([transaction, position]) => at(transaction, position));
const distinct = fc.uniqueArray(cursor, { selector: ({ position }) => position });
const sorted = (cursors: readonly Cursor[]) =>
  cursors.toSorted((a, b) => (hasReached(a, b) ? 1 : -1));

function knowing(cursors: readonly Cursor[], capacity = 100): KnownEvents {
  const known = new KnownEvents(capacity);
  for (const event of cursors) known.add(event);
  return known;
}

describe('known events', () => {
  it('are counted after one place, up to another, below a transaction that may still run', () => {
    fc.assert(
      fc.property(distinct, cursor, cursor, small, (events, after, upTo, horizon) => {
        const inside = sorted(events).filter(
          (event) =>
            !hasReached(after, event) &&
            hasReached(upTo, event) &&
            event.transactionId < BigInt(horizon),
        );
        expect(knowing(events).within(after, upTo, BigInt(horizon))).toEqual({
          count: inside.length,
          last: inside.at(-1) ?? after,
        });
      }),
    );
  });

  it('name the newest before a limit, in the order of readers', () => {
    fc.assert(
      fc.property(distinct, fc.option(cursor, { nil: undefined }), (events, limit) => {
        const before = sorted(events).filter((event) => !limit || !hasReached(event, limit));
        expect(knowing(events).newestBefore(limit)).toEqual(before.at(-1));
      }),
    );
  });

  it('are forgotten once a reader has passed them', () => {
    const known = knowing([at(3, 1), at(2, 2), at(3, 4)]);
    known.dropUpTo(at(3, 1));
    expect([known.has(1n), known.has(2n), known.has(4n), known.size]).toEqual([
      false,
      false,
      true,
      1,
    ]);
  });

  it('forget the oldest when there are too many', () => {
    const known = knowing([at(1, 1), at(1, 2), at(2, 3)], 2);
    expect([known.has(1n), known.has(2n), known.has(3n)]).toEqual([false, true, true]);
  });
});
