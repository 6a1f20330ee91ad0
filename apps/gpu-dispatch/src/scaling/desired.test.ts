import { describe, expect, it } from '@jest/globals';
import { beside, desiredWorkers, type PoolLoad, type ScalingRules } from './desired.js';

const rules: ScalingRules = {
  ...{ min: 0, max: null, buffer: 0, targetWaitSeconds: 60, idleSeconds: 300 },
};
const idle: PoolLoad = {
  ...{ workers: 0, busy: 0, slotsPerWorker: 1, waitingJobs: 0, waiting: [], idleSeconds: 1_000 },
};
const backlog = (gpuSeconds: number, warm = 100, loadSeconds = 20) => ({
  waitingJobs: Math.ceil(gpuSeconds / 10),
  waiting: [{ model: 'm', gpuSeconds, loadSeconds, warm }],
  idleSeconds: 0,
});
const wanted = (load: Partial<PoolLoad>, more: Partial<ScalingRules> = {}) =>
  desiredWorkers({ ...idle, ...load }, { ...rules, ...more });

describe('the number of workers that a pool should have', () => {
  it('is what is busy and what works the backlog off within the target', () => {
    expect(wanted({ workers: 3, busy: 3, ...backlog(150) }).desired).toBe(6);
    expect(wanted({ workers: 3, busy: 3, ...backlog(150) }, { buffer: 2 }).desired).toBe(8);
    expect(wanted({ ...backlog(150), slotsPerWorker: 3 }).desired).toBe(1);
  });

  it('counts the loading of models for workers that have yet to come', () => {
    const { desired, backlogGpuSeconds } = wanted({ busy: 1, ...backlog(150, 1) });
    expect([desired, backlogGpuSeconds]).toEqual([5, 190]);
  });

  it('comes back from zero for a single short job, with one worker however long the load', () => {
    expect(wanted(backlog(0.5, 0, 0)).desired).toBe(1);
    expect(wanted(backlog(0.5, 0, 600)).desired).toBe(1);
  });

  it('stays within the bounds', () => {
    expect(wanted(backlog(6_000), { max: 4 }).desired).toBe(4);
    expect(wanted({}, { min: 2 }).desired).toBe(2);
    expect(wanted(backlog(60, 9), { min: 2 }).desired).toBe(2);
  });

  it('keeps a worker through a pause, and none after it', () => {
    expect(wanted({ workers: 5, idleSeconds: 10 }).desired).toBe(1);
    expect(wanted({ workers: 5, idleSeconds: 10 }, { buffer: 3 }).desired).toBe(3);
    expect(wanted({ workers: 5, idleSeconds: 301 }).desired).toBe(0);
    expect(wanted({ workers: 0, idleSeconds: 10 }).desired).toBe(0);
  });

  it('says why', () => {
    expect(wanted({ busy: 3, ...backlog(150) }, { buffer: 1, max: 5 }).reasons).toEqual([
      ...['3 busy', '3 for 15 waiting jobs: 150 GPU seconds with loads, within 60 s'],
      ...['1 to spare', 'at most 5'],
    ]);
    expect(wanted({}).reasons).toEqual(['idle for 1000 s']);
  });

  it('counts who is in quarantine beside them, within the bound and not where none is wanted', () => {
    const found = wanted({ workers: 3, busy: 3, ...backlog(150) });
    const most = (max: number | null) => beside(2, found, { max }).desired;
    expect([most(null), most(7), most(6)]).toEqual([8, 7, 6]);
    expect(beside(2, found, { max: null }).reasons.at(-1)).toBe('2 in quarantine');
    expect(beside(2, wanted({}), { max: null }).desired).toBe(0);
  });
});
