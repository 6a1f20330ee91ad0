import { expect, it } from '@jest/globals';
import { drill } from './drill.js';

it.each([1, 2, 3])(
  'a drill (seed %i) disables all within the hour and never misses 48 hours',
  async (seed) => {
    const result = await drill({ cases: 100, seed });
    expect(result.disabledFirst).toBeGreaterThan(60);
    expect(result).toMatchObject({ withinTheHour: result.disabledFirst, missed: 0, lost: 0 });
    // It was no fair-weather drill.
    expect(result.faults).toBeGreaterThan(60);
    expect(result.alarms).toBeGreaterThan(10);
  },
);
