import { describe, expect, it } from '@jest/globals';
import { nextCopyAt } from './copy-schedule.js';

const now = new Date('2026-11-21T12:00:00.000Z');
const HOUR_MS = 3_600_000;

/** All waits of a copy that never works, in milliseconds. */
function waits(kind: 'lasting' | 'passing', random: number, askedMs: number | null = null) {
  const all: number[] = [];
  for (;;) {
    const next = nextCopyAt({ kind, askedMs }, { tries: all.length + 1, now, random });
    if (next === null) return all;
    all.push(next.getTime() - now.getTime());
  }
}
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

describe('the tries of a copy', () => {
  it('go on for a day when it may be over by itself', () => {
    const all = waits('passing', 0);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    expect(sum(all) / HOUR_MS).toBeGreaterThan(24);
    expect(sum(waits('passing', 1)) / sum(all)).toBeCloseTo(1.2);
  });

  it('are three when only the bucket’s owner can change it', () => {
    expect(waits('lasting', 0)).toEqual([30_000, 300_000]);
  });

  it('are never sooner than the store asked for, up to an hour', () => {
    expect(waits('lasting', 1, 60_000)).toEqual([60_000, 360_000]);
    expect(waits('lasting', 0, 50 * HOUR_MS)).toEqual([HOUR_MS, HOUR_MS]);
  });
});
