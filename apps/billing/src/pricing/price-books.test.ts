import { describe, expect, it } from '@jest/globals';
import { book } from '../test/books.js';
import { PriceBooks } from './price-books.js';
import type { KnownBooks } from './price-books.sql.js';

const at = (ms: number) => new Date(ms).toISOString();
const old = book({ version: 'old', effective_from: at(0) });
const next = book({ version: 'next', effective_from: at(100_000) });

/** Books over clocks that the test sets, and how often they were read. */
function shelf(answers: () => Promise<KnownBooks> | KnownBooks) {
  const clock = { nowMs: 0, reads: 0 };
  const books = new PriceBooks(
    async () => {
      clock.reads += 1;
      return answers();
    },
    () => clock.nowMs,
  );
  const inForce = async (nowMs: number) => {
    clock.nowMs = nowMs;
    return (await books.inForce()).version;
  };
  return { inForce, clock, books };
}
const known = (books = [old], databaseMs = 0): KnownBooks => ({
  ...{ books, databaseMs, leadMs: 60_000 },
});

describe('the book in force', () => {
  it('changes at its instant on the database’s clock, without another reading', async () => {
    const { inForce, clock } = shelf(() => known([old, next], 99_000));
    expect(await inForce(0)).toBe('old');
    expect(await inForce(999)).toBe('old');
    expect(await inForce(1_000)).toBe('next');
    expect(clock.reads).toBe(1);
  });

  it('is looked up again before a book can be in force that was published since', async () => {
    let published = [old];
    const { inForce, clock } = shelf(() => known(published, 50_000 + clock.nowMs));
    expect(await inForce(0)).toBe('old');
    // At the earliest: a lead after the first reading.
    published = [old, book({ version: 'next', effective_from: at(110_000) })];
    expect(await inForce(29_999)).toBe('old');
    expect(clock.reads).toBe(1);
    expect(await inForce(59_999)).toBe('old');
    expect(await inForce(60_000)).toBe('next');
    expect(clock.reads).toBe(2);
  });

  it('is the one published last of those with the same date', async () => {
    const again = book({ version: 'again', effective_from: at(0) });
    expect(await shelf(() => known([old, again])).inForce(0)).toBe('again');
  });

  it('is read once for all who wait, and again after a failure', async () => {
    let answer: () => Promise<KnownBooks> = () => Promise.reject(new Error('away'));
    const { books, clock } = shelf(() => answer());
    const both = await Promise.allSettled([books.inForce(), books.inForce()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(clock.reads).toBe(1);
    answer = () => Promise.resolve(known());
    expect((await books.inForce()).version).toBe('old');
  });
});
