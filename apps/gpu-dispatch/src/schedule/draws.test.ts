import { describe, expect, it } from '@jest/globals';
import { Random } from '../simulator/random.js';
import { drawLeft, drawLoad, drawTime, leftOf } from './draws.js';

const dice = new Random(7);
const random = () => dice.next();
const runtime = { p50Ms: 10_000, p90Ms: 13_000 };
const many = (draw: () => number) => Array.from({ length: 2_000 }, draw).toSorted((a, b) => a - b);
const at = (sorted: readonly number[], share: number) => sorted[share * sorted.length] ?? NaN;

describe('times as they might be', () => {
  it('lie about their quantiles', () => {
    const drawn = many(() => drawTime(runtime, random));
    expect(Math.abs(at(drawn, 0.5) / 10_000 - 1)).toBeLessThan(0.03);
    expect(Math.abs(at(drawn, 0.9) / 13_000 - 1)).toBeLessThan(0.03);
  });

  it('are what is known where nothing varies', () => {
    expect(drawTime({ p50Ms: 5, p90Ms: 5 }, random)).toBe(5);
  });

  it('of what runs are as long as it has run already, and a median that goes with the elapsed', () => {
    const underway = { elapsedMs: 12_000, runtime };
    const left = many(() => drawLeft(underway, random));
    expect(left[0]).toBeGreaterThan(0);
    expect(Math.abs(at(left, 0.5) / leftOf(underway) - 1)).toBeLessThan(0.15);
  });

  it('end for what is overdue beyond all draws too', () => {
    const underway = { elapsedMs: 1_000_000, runtime };
    expect(drawLeft(underway, random)).toBe(leftOf(underway));
  });

  it('of loads are of those that were seen, both humps', () => {
    const load = { seen: [3_000, 28_000], supposed: { p50Ms: 15_000, p90Ms: 15_000 } };
    const drawn = new Set(many(() => drawLoad(load, random)));
    expect([...drawn]).toEqual([3_000, 28_000]);
    expect(drawLoad({ ...load, seen: [] }, random)).toBe(15_000);
  });
});
