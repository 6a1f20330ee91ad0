import { describe, expect, it } from '@jest/globals';
import { jain } from './fairness.js';
import { optionsIn } from './options.js';
import { plot } from './plot.js';
import { Random } from './random.js';
import { simulate } from './simulation.js';
import { loadTime, workload, type WorkloadOptions } from './workload.js';

/** The ratios of 1,000 GPUs and 120,000 jobs. */
const fleet = (part: Partial<WorkloadOptions> = {}): WorkloadOptions => ({
  ...{ gpus: 300, load: 0.85, jobs: 36_000, seed: 1, abuse: 0.3, abusers: 1 },
  ...{ swing: 0.6, periodSeconds: 1_800 },
  ...part,
});

describe('a fleet with one account that sends 30% of the jobs', () => {
  it.each([1, 2, 3])('keeps the others from waiting at a load of 0.85, seed %i', (seed) => {
    const ours = simulate('ours', fleet({ seed }));
    expect(ours.waitOfOthers.p95).toBeLessThan(10);
    expect(ours.switches).toBeLessThan(0.08);
  });

  it('would make them wait for a quarter of an hour by first come, first served', () => {
    expect(simulate('fifo', fleet()).waitOfOthers.p95).toBeGreaterThan(1_000);
  });

  it('keeps them below a minute at a load of 0.9', () => {
    expect(simulate('ours', fleet({ load: 0.9 })).waitOfOthers.p95).toBeLessThan(60);
  });
});

describe('accounts that all want more', () => {
  // Ten of them, the last of which asks for ten times as much as the first.
  const greedy = fleet({ gpus: 100, jobs: 8_000, load: 1.1, abuse: 0.6, abusers: 10 });
  it('get the same, which first come, first served does not give', () => {
    expect(simulate('ours', greedy).jain).toBeGreaterThanOrEqual(0.95);
    expect(simulate('fifo', greedy).jain).toBeLessThan(0.5);
  });

  it('is judged by Jain', () => {
    expect(jain([3, 3, 3])).toBe(1);
    expect(jain([1, 0, 0, 0])).toBe(0.25);
  });
});

it('gives the same for the same seed', () => {
  const timeless = (seed: number) => {
    const outcome = simulate('ours', fleet({ gpus: 20, jobs: 1_000, seed }));
    return { ...outcome, decisionMicros: null };
  };
  expect(timeless(7)).toEqual(timeless(7));
  expect(timeless(7)).not.toEqual(timeless(8));
});

it('draws jobs like those that were fitted', () => {
  const jobs = [...workload(fleet({ jobs: 50_000, abuse: 0 }))];
  const at = (values: number[], share: number) =>
    values.sort((a, b) => a - b)[Math.floor(share * values.length)] ?? 0;
  const near = (value: number, truth: number) =>
    expect(Math.abs(value / truth - 1)).toBeLessThan(0.25);
  const gpuSeconds = jobs.map(({ gpuMs }) => gpuMs / 1_000);
  for (const [share, truth] of [
    [0.5, 15.1],
    [0.95, 35],
    [0.99, 71],
  ] as const) {
    near(at(gpuSeconds, share), truth);
  }
  const random = new Random(1);
  const loads = Array.from({ length: 20_000 }, () => loadTime(random) / 1_000);
  for (const [share, truth] of [
    [0.1, 2.6],
    [0.5, 22.7],
    [0.95, 45],
  ] as const) {
    near(at(loads, share), truth);
  }
  const top = (many: number, key: 'model' | 'accountId') => {
    const counts = new Map<string, number>();
    for (const job of jobs) counts.set(job[key], (counts.get(job[key]) ?? 0) + 1);
    const sorted = [...counts.values()].sort((a, b) => b - a).slice(0, many);
    return sorted.reduce((a, b) => a + b, 0) / jobs.length;
  };
  near(top(1, 'model'), 0.31);
  near(top(5, 'model'), 0.7);
  near(top(10, 'model'), 0.87);
  near(top(1, 'accountId'), 0.045);
  near(top(10, 'accountId'), 0.15);
});

describe('the command line', () => {
  it('means 1,000 GPUs unless it says otherwise', () => {
    expect(optionsIn([])).toMatchObject({ gpus: 1_000, jobs: 120_000, load: 0.85, abuse: 0.3 });
    expect(optionsIn(['--gpus', '10', '--policy', 'ours,fifo'])).toMatchObject({
      ...{ gpus: 10, jobs: 1_200, policies: ['ours', 'fifo'] },
    });
    expect(optionsIn(['--help'])).toBeUndefined();
  });

  it.each([
    [['--gpus', '0'], '--gpus must be a whole number from 1'],
    [['--load', 'much'], '--load must be a number from 0.01'],
    [['--policy', 'lifo'], '--policy is a list of fifo, warm-first, fair, ours.'],
    [['--fast'], "Unknown option '--fast'"],
  ])('says what is wrong with %j', (words, sentence) => {
    expect(() => optionsIn(words)).toThrow(sentence);
  });
});

it('draws an image with a line for each policy in both panels', () => {
  const small = fleet({ gpus: 10, jobs: 500 });
  const image = plot([simulate('fifo', small), simulate('ours', small)], 'a title');
  expect(image.match(/<polyline /g)).toHaveLength(4);
  expect(image).not.toMatch(/NaN|Infinity|undefined/);
});
