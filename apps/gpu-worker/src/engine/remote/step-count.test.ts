import { beforeEach, describe, expect, it } from '@jest/globals';
import { StepCount } from './step-count.js';

let told: string[];
const counting = (steps: Record<string, number>) =>
  new StepCount(steps, ({ step, steps: all }) => told.push(`${step}/${all}`));

beforeEach(() => {
  told = [];
});

describe('steps over all samplers', () => {
  it('are told once and in order, whatever order the nodes run in', () => {
    const count = counting({ a: 2, b: 3 });
    count.report('b', 1 / 3);
    count.report('b', 1);
    count.report('a', 0.5);
    count.report('a', 1);
    expect(told).toEqual(['1/5', '2/5', '3/5', '4/5', '5/5']);
  });

  it('do not grow by what is told twice, late or of other nodes', () => {
    const count = counting({ a: 4 });
    for (const share of [0.5, 0.25, 0.5, 0]) count.report('a', share);
    count.report('decode', 1);
    expect(told).toEqual(['1/4', '2/4']);
  });

  it('are complete in the end, also where no frame came', () => {
    counting({ a: 2 }).finish();
    counting({}).finish();
    expect(told).toEqual(['1/2', '2/2', '1/1']);
  });
});
