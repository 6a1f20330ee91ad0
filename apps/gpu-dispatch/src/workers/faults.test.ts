import { describe, expect, it } from '@jest/globals';
import { FaultBook } from './faults.js';

const MINUTE = 60_000;
const apart = (book: FaultBook, worker: string, nowMs: number) => [
  ...book.modelsApart(worker, nowMs),
];

describe('a worker and a model', () => {
  it('are kept apart for ten minutes after two failures in a row', () => {
    const book = new FaultBook(5);
    book.failed('w', 'm', 0);
    expect(apart(book, 'w', 0)).toEqual([]);
    book.failed('w', 'm', MINUTE);
    book.failed('w', 'other', MINUTE);
    book.failed('v', 'm', MINUTE);
    expect(apart(book, 'w', 11 * MINUTE - 1)).toEqual(['m']);
    expect([apart(book, 'w', 11 * MINUTE), apart(book, 'v', MINUTE)]).toEqual([[], []]);
  });

  it('are parted again by the first failure after that, and reconciled by a success', () => {
    const book = new FaultBook(5);
    for (const atMs of [0, 1, 11 * MINUTE]) book.failed('w', 'm', atMs);
    expect(apart(book, 'w', 12 * MINUTE)).toEqual(['m']);
    book.completed('w', 'm');
    expect(apart(book, 'w', 12 * MINUTE)).toEqual([]);
    book.failed('w', 'm', 13 * MINUTE);
    expect(apart(book, 'w', 13 * MINUTE)).toEqual([]);
  });
});

describe('a worker', () => {
  it('is too faulty after more than so many faults within an hour', () => {
    const book = new FaultBook(3);
    for (const atMs of [0, 10, 20]) book.failed('w', 'm', atMs * MINUTE);
    expect(book.isTooFaulty('w', 20 * MINUTE)).toBe(false);
    book.failed('w', 'n', 59 * MINUTE);
    expect(book.isTooFaulty('w', 59 * MINUTE)).toBe(true);
    expect(book.isTooFaulty('w', 60 * MINUTE)).toBe(false);
  });

  it('that falls silent is at fault once, however many leases it held', () => {
    const book = new FaultBook(1);
    for (const atMs of [0, 1, 2]) book.fellSilent('w', atMs, 30_000);
    expect(book.faultsOf('w', 2)).toBe(1);
    book.fellSilent('w', 30_000, 30_000);
    expect(book.faultsOf('w', 30_000)).toBe(2);
  });

  it('begins anew when it is forgiven, and is forgotten in time', () => {
    const book = new FaultBook(1);
    for (const atMs of [0, 1]) book.failed('w', 'm', atMs);
    book.forget(59 * MINUTE);
    expect(book.faultsOf('w', 59 * MINUTE)).toBe(2);
    book.forgive('w');
    expect([book.faultsOf('w', 2), apart(book, 'w', 2)]).toEqual([0, []]);
  });
});
