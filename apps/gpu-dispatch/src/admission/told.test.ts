import { describe, expect, it } from '@jest/globals';
import { toldOf } from './told.js';

const told = (p50: number, p90: number) => toldOf({ position: 3, finishMs: { p50, p90 } });

describe('what is told of a forecast', () => {
  it('is the nearest second, and one at least of what is not over', () => {
    expect(told(10_000, 12_100)).toEqual({ etaSeconds: 10, etaP90Seconds: 13, queuePosition: 3 });
    expect(told(10_400, 12_100).etaSeconds).toBe(10);
    expect(told(10, 10).etaSeconds).toBe(1);
    expect(told(0, 0)).toEqual({ etaSeconds: 0, etaP90Seconds: 0, queuePosition: 3 });
  });

  it('never promises nine of ten sooner than the middle', () => {
    const { etaSeconds, etaP90Seconds } = told(60_000, 30_000);
    expect(etaP90Seconds).toBe(etaSeconds);
  });
});
