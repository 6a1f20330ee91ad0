import { describe, expect, it } from '@jest/globals';
import { capture, grant, hold } from '../test/commands.js';
import { decideAll } from './batch.js';
import { emptyDraft } from './book.js';
import type { LedgerCommand } from './ledger.js';
import { LedgerMemory } from './memory.js';

const databaseMs = 1_800_000_000_000;
const granted = grant('ann', 10n);
const held = hold('job', 'ann', { priceMicros: 7n });

/** A memory that has heard the clock and learnt what came of `commands`; `later` moves its time. */
function memoryOf(...commands: LedgerCommand[]) {
  let nowMs = 5_000;
  const memory = new LedgerMemory(() => nowMs);
  memory.hear(databaseMs);
  memory.learn(decideAll(commands, emptyDraft(databaseMs)).placed);
  return { memory, later: (ms: number) => (nowMs += ms) };
}

describe('a memory of the ledger', () => {
  it('knows the accounts and open holds that were written, and only those', () => {
    const { memory } = memoryOf(granted, held);
    const book = memory.bookFor([capture('job'), hold('other', 'ann')]);
    const lots = { paidMicros: 0n, promotionalMicros: 3n, expiring: [] };
    const head = { sequence: 2, availableMicros: 3n, heldMicros: 7n, lots, budgets: [] };
    expect(book?.heads).toEqual(new Map([['ann', { ...head, recordedAtMs: databaseMs }]]));
    expect(book?.holds.get('job')).toMatchObject({ priceMicros: 7n, accountId: 'ann' });
    expect(memory.bookFor([hold('other', 'bob')])).toBeUndefined();
    expect(memory.bookFor([capture('job'), capture('other')])).toBeUndefined();
  });

  it('lets go of a hold that was resolved', () => {
    expect(memoryOf(granted, held, capture('job')).memory.bookFor([capture('job')])).toBe(
      undefined,
    );
  });

  it('tells the database’s clock from its own for a minute, and then not at all', () => {
    const { memory, later } = memoryOf(granted);
    expect(memory.bookFor([held])?.nowMs).toBe(databaseMs);
    later(59_999.9);
    expect(memory.bookFor([held])?.nowMs).toBe(databaseMs + 59_999);
    later(1);
    expect(memory.bookFor([held])).toBeUndefined();
    memory.hear(databaseMs + 70_000);
    expect(memory.bookFor([held])?.nowMs).toBe(databaseMs + 70_000);
  });

  it('is empty once it was told to forget', () => {
    const { memory } = memoryOf(granted);
    memory.forget();
    expect(memory.bookFor([held])).toBeUndefined();
    memory.hear(databaseMs);
    expect(memory.bookFor([held])).toBeUndefined();
  });

  it('keeps the ten thousand accounts that were written last', () => {
    const grants = Array.from({ length: 10_001 }, (_, n) => grant(`acc${n}`, 1n));
    const { memory } = memoryOf(grant('first', 1n), ...grants.slice(0, 9_999));
    expect(memory.bookFor([hold('job', 'first')])).toBeDefined();
    const { memory: full } = memoryOf(grant('first', 1n), ...grants);
    expect(full.bookFor([hold('job', 'first')])).toBeUndefined();
    expect(full.bookFor([hold('job', 'acc10000')])).toBeDefined();
  });
});

describe('a memory that keeps being outdated', () => {
  /** How many batches are read before the memory is asked again. */
  const readsAfter = (memory: LedgerMemory): number => {
    memory.hear(databaseMs);
    memory.learn(decideAll([granted], emptyDraft(databaseMs)).placed);
    let reads = 0;
    while (reads < 1_000 && !memory.bookFor([held])) reads += 1;
    return reads;
  };

  it('is asked less and less, and more again once it is right', () => {
    const { memory } = memoryOf();
    const reads = Array.from({ length: 7 }, () => {
      memory.wasOutdated();
      return readsAfter(memory);
    });
    expect(reads).toEqual([1, 3, 7, 15, 31, 63, 63]);
    for (let n = 0; n < 5; n += 1) memory.wasRight();
    memory.wasOutdated();
    expect(readsAfter(memory)).toBe(3);
  });
});
