import { describe, expect, it } from '@jest/globals';
import { Calibration } from './calibration.js';

describe('the correction of foreseen waits', () => {
  it('is by what the account’s forecasts were wrong by, once there were some', () => {
    const calibration = new Calibration();
    expect(calibration.factor('a', 60_000)).toBe(1);
    for (let seen = 0; seen < 40; seen += 1) calibration.note('a', 30_000, 60_000);
    expect(calibration.factor('a', 60_000)).toBeCloseTo(2 ** (40 / 44));
    expect(calibration.factor('b', 60_000)).toBe(1);
  });

  it('is none for short waits, and never wild', () => {
    const calibration = new Calibration();
    for (let seen = 0; seen < 40; seen += 1) calibration.note('a', 6_000, 6_000_000);
    expect(calibration.factor('a', 60_000)).toBe(4);
    expect(calibration.factor('a', 1_000)).toBe(1);
    for (let seen = 0; seen < 40; seen += 1) calibration.note('b', 1_000, 60_000);
    expect(calibration.factor('b', 60_000)).toBe(1);
  });
});
