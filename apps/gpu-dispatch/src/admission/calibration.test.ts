import { describe, expect, it } from '@jest/globals';
import { Calibration, outcomeKind, Outcomes } from './calibration.js';

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
    // Forty times: what was seen counts against four that all was right.
    expect(calibration.factor('a', 60_000)).toBeCloseTo(4 ** (40 / 44));
    expect(calibration.factor('a', 1_000)).toBe(1);
    for (let seen = 0; seen < 40; seen += 1) calibration.note('b', 1_000, 60_000);
    expect(calibration.factor('b', 60_000)).toBe(1);
  });
});

describe('how wide forecasts are', () => {
  it('is what nine of ten of their kind stayed within', () => {
    const outcomes = new Outcomes();
    const kind = outcomeKind(20_000, false);
    for (let seen = 1; seen <= 29; seen += 1) outcomes.note(kind, 10_000, seen * 1_000);
    expect(outcomes.p90(kind)).toBeUndefined();
    outcomes.note(kind, 10_000, 30_000);
    expect(outcomes.p90(kind)).toBeCloseTo(2.8);
    expect(outcomes.p90(outcomeKind(20_000, true))).toBeUndefined();
    expect(outcomes.p90(outcomeKind(200, false))).toBeUndefined();
  });
});
