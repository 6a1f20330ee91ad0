import { describe, expect, it } from '@jest/globals';
import { SpeedEstimates } from './speed.js';

const work = { model: 'm', width: 1_000, height: 1_000, steps: 20, images: 1 };

describe('SpeedEstimates', () => {
  it('believes the engine until it has seen the model run', () => {
    const speeds = new SpeedEstimates();
    expect(speeds.predict(work)).toBe(1);
    speeds.suppose('m', 0.1);
    expect(speeds.predict(work)).toBe(2_000);
    expect(speeds.predict({ ...work, images: 4 })).toBe(8_000);
    speeds.learn(work, 500);
    expect(speeds.predict(work)).toBe(500);
  });

  it('moves towards what it sees, and keeps sizes apart', () => {
    const speeds = new SpeedEstimates();
    const small = { ...work, width: 250, height: 250 };
    speeds.learn(work, 1_000);
    speeds.learn(small, 200);
    for (let seen = 0; seen < 50; seen += 1) speeds.learn(work, 2_000);
    expect(speeds.predict(work)).toBeGreaterThan(1_990);
    expect(speeds.predict(work)).toBeLessThanOrEqual(2_000);
    expect(speeds.predict(small)).toBe(200);
  });
});
