import { describe, expect, it } from '@jest/globals';
import { SpeedEstimates } from './speed.js';

const work = { model: 'm', width: 1_000, height: 1_000, steps: 20, images: 1 };
const taught = (times: number, ...lesson: Parameters<SpeedEstimates['learn']>) => {
  const speeds = new SpeedEstimates();
  for (let seen = 0; seen < times; seen += 1) speeds.learn(...lesson);
  return speeds;
};

describe('SpeedEstimates', () => {
  it('believes the engine until it has seen the model run', () => {
    const speeds = new SpeedEstimates();
    expect(speeds.predict(work)).toBe(1);
    speeds.suppose('m', 0.1);
    expect(speeds.predict(work)).toBe(2_000);
    expect(speeds.predict({ ...work, images: 4 })).toBe(8_000);
    expect(speeds.quantiles(work)).toEqual({ p50Ms: 2_000, p90Ms: 4_000 });
    speeds.learn(work, 500);
    expect(speeds.predict(work)).toBe(500);
  });

  it('foresees no longer time than the database can hold', () => {
    const speeds = new SpeedEstimates();
    speeds.suppose('m', 0.1);
    const endless = { ...work, width: 2_048, height: 2_048, steps: 100, images: 1_000_000 };
    expect(speeds.predict(endless)).toBe(2 ** 31 - 1);
  });

  it('moves towards what it sees, and keeps sizes apart', () => {
    const speeds = new SpeedEstimates();
    const small = { ...work, width: 250, height: 250 };
    speeds.learn(work, 1_000);
    for (let seen = 0; seen < 3; seen += 1) speeds.learn(small, 200);
    for (let seen = 0; seen < 80; seen += 1) speeds.learn(work, 2_000);
    expect(speeds.predict(work)).toBeGreaterThan(1_990);
    expect(speeds.predict(work)).toBeLessThanOrEqual(2_000);
    expect(speeds.predict(small)).toBe(200);
  });

  it('keeps numbers of images apart: a batch pays less for each', () => {
    const speeds = taught(5, work, 1_000);
    for (let seen = 0; seen < 5; seen += 1) speeds.learn({ ...work, images: 4 }, 2_400);
    expect(speeds.predict(work)).toBe(1_000);
    expect(speeds.predict({ ...work, images: 4 })).toBe(2_400);
  });

  it('keeps classes of GPU apart, and falls back on all of them for one that it does not know', () => {
    const speeds = taught(5, work, 1_000, 'small GPU');
    for (let seen = 0; seen < 5; seen += 1) speeds.learn(work, 100, 'large GPU');
    expect(speeds.predict(work, 'small GPU')).toBe(1_000);
    expect(speeds.predict(work, 'large GPU')).toBe(100);
    expect(speeds.predict(work, 'new GPU')).toBe(speeds.predict(work));
    expect(speeds.predict(work)).toBeGreaterThan(100);
    expect(speeds.predict(work)).toBeLessThan(1_000);
  });

  it('prefers what is general and well known to what is specific and was seen once', () => {
    const speeds = taught(10, work, 1_000);
    speeds.learn({ ...work, images: 2 }, 20_000);
    expect(speeds.predict({ ...work, images: 2 })).toBeLessThan(4_000);
  });

  it('knows the spread: nine of ten stay under the p90', () => {
    const speeds = new SpeedEstimates();
    const seen = Array.from({ length: 200 }, (_, at) => 1_000 * Math.exp(0.5 * normal(at)));
    for (const ms of seen) speeds.learn(work, ms);
    const { p50Ms, p90Ms } = speeds.quantiles(work);
    const share = (limit: number) => seen.filter((ms) => ms <= limit).length / seen.length;
    expect(share(p50Ms)).toBeGreaterThan(0.38);
    expect(share(p50Ms)).toBeLessThan(0.62);
    expect(share(p90Ms)).toBeGreaterThan(0.82);
    expect(share(p90Ms)).toBeLessThan(0.98);
  });

  it('counts the frames of a video', () => {
    const speeds = taught(1, work, 1_000);
    const video = { ...work, seconds: 2, fps: 8 };
    expect(speeds.predict(video)).toBe(16_000);
  });

  it('learns how long models take to load, and guesses by the others', () => {
    const speeds = new SpeedEstimates();
    expect(speeds.load('m')).toBeUndefined();
    expect(speeds.overhead().p50Ms).toBe(0);
    for (let seen = 0; seen < 3; seen += 1) speeds.learnLoad('m', 4_000, 'gpu');
    expect(speeds.load('m', 'gpu')?.p50Ms).toBeCloseTo(4_000);
    expect(speeds.load('other')?.p50Ms).toBeCloseTo(4_000);
  });

  it('goes on after a restart with what it had learned', () => {
    const speeds = taught(5, work, 1_000, 'gpu');
    speeds.learnLoad('m', 3_000);
    const rows = speeds.takeChanges();
    expect(speeds.takeChanges()).toEqual([]);
    const later = new SpeedEstimates();
    later.restore(rows);
    expect(later.quantiles(work, 'gpu')).toEqual(speeds.quantiles(work, 'gpu'));
    expect(later.load('m')).toEqual(speeds.load('m'));
    expect(later.takeChanges()).toEqual([]);
    speeds.giveBack(rows.slice(0, 1));
    expect(speeds.takeChanges()).toHaveLength(1);
  });
});

/** A standard normal sample: the quantiles of the distribution, in a mixed order. */
function normal(at: number): number {
  const share = (((at * 83) % 200) + 0.5) / 200;
  // Tukey's lambda approximation.
  return (share ** 0.135 - (1 - share) ** 0.135) / 0.1975;
}
