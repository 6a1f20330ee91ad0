import { expect, it } from '@jest/globals';
import { retryPauseMs } from './retry-pause.js';

it('doubles with every failure, up to a minute, and leaves half to chance', () => {
  const least = [0, 1, 2, 3, 20].map((earlier) => retryPauseMs(earlier, 1_000, 0));
  expect(least).toEqual([500, 1_000, 2_000, 4_000, 30_000]);
  const middle = [0, 1, 20].map((earlier) => retryPauseMs(earlier, 1_000, 0.5));
  expect(middle).toEqual([750, 1_500, 45_000]);
  expect(retryPauseMs(20, 1_000, 0.999_999)).toBeLessThanOrEqual(60_000);
});
