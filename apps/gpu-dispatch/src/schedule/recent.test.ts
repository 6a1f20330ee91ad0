import { describe, expect, it } from '@jest/globals';
import { medianLeft } from './log-normal.js';
import { Recent } from './recent.js';

describe('the latest values', () => {
  it('say where a share of them lies, not what lies between two humps', () => {
    const loads = new Recent(10);
    expect(loads.quantile(0.5)).toBeUndefined();
    for (const seconds of [3, 28, 27, 3, 29, 30, 3, 28, 26]) loads.add(seconds);
    expect(loads.quantile(0.5)).toBe(27);
    expect(loads.quantile(0.9)).toBe(30);
  });

  it('forget the oldest', () => {
    const recent = new Recent(3);
    for (const value of [100, 100, 100, 1, 2, 3]) recent.add(value);
    expect([recent.quantile(0.5), recent.size]).toEqual([2, 3]);
  });
});

describe('what is left of a time', () => {
  const usual = { p50Ms: 10_000, p90Ms: 15_000 };

  it('is all of it at first, less than that later, and never nothing', () => {
    expect(medianLeft(usual, 0)).toBe(10_000);
    const [early, late] = [medianLeft(usual, 2_000), medianLeft(usual, 9_000)];
    expect(early).toBeGreaterThan(7_500);
    expect(early).toBeLessThan(8_200);
    expect(late).toBeGreaterThan(1_500);
    expect(late).toBeLessThan(early);
    // Overdue: one of the long ones.
    expect(medianLeft(usual, 20_000)).toBeGreaterThan(1_500);
    expect(Number.isFinite(medianLeft(usual, 1e12))).toBe(true);
  });

  it('is exact where nothing varies', () => {
    expect(medianLeft({ p50Ms: 10_000, p90Ms: 10_000 }, 4_000)).toBe(6_000);
    expect(medianLeft({ p50Ms: 10_000, p90Ms: 10_000 }, 12_000)).toBe(0);
  });
});
