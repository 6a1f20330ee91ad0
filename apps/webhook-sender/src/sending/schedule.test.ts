import { describe, expect, it } from '@jest/globals';
import { nextTryAt, retryAfterMs, WAITS_MS } from './schedule.js';

const now = new Date('2026-01-01T00:00:00.000Z');
const waitMs = (at: Date | null) => (at === null ? null : at.getTime() - now.getTime());
const DAYS_3_MS = 3 * 86_400_000;

describe('the schedule', () => {
  it('goes on for three days at least, and then ends', () => {
    const least = WAITS_MS.map((_, index) => waitMs(nextTryAt(index + 1, now, 0)) ?? 0);
    expect(least.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(DAYS_3_MS);
    expect(nextTryAt(WAITS_MS.length + 1, now, 0)).toBeNull();
  });

  it('scatters, but never sooner', () => {
    expect(waitMs(nextTryAt(1, now, 0))).toBe(5_000);
    expect(waitMs(nextTryAt(1, now, 0.5))).toBe(5_500);
    expect(waitMs(nextTryAt(1, now, 1))).toBe(6_000);
  });

  it('waits as long as the receiver asks, up to a day', () => {
    expect(waitMs(nextTryAt(1, now, 0, 120_000))).toBe(120_000);
    expect(waitMs(nextTryAt(4, now, 0, 1_000))).toBe(1_800_000);
    expect(waitMs(nextTryAt(1, now, 0, 10 * 86_400_000))).toBe(86_400_000);
  });
});

it.each<[string | undefined, number | null]>([
  ['120', 120_000],
  ['0', 0],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
  ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ['soon', null],
  ['-5', null],
  [undefined, null],
])('reads Retry-After: %j as %j ms', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});
