import { expect, it } from '@jest/globals';
import { FairQueue } from './fair-queue.js';
import { job, take } from '../test/queued.js';

const DECISIONS = 2_000;

/** Milliseconds for the decisions over a queue of this many accounts with four jobs each. */
function costWith(accounts: number): number {
  const queue = new FairQueue();
  for (let sequence = 0; sequence < accounts * 4; sequence += 1) {
    queue.add(job(`acc_${sequence % accounts}`));
  }
  const started = performance.now();
  for (let turn = 0; turn < DECISIONS; turn += 1) {
    queue.settle(take(queue, ['m'])?.jobId ?? '', 900);
  }
  return performance.now() - started;
}

it('decides in about the same time however long the queue is', () => {
  costWith(1_000);
  const best = (accounts: number) => Math.min(...[1, 2, 3].map(() => costWith(accounts)));
  // A hundred times the accounts: a linear decision would take a hundred times as long.
  expect(best(50_000)).toBeLessThan(20 * Math.max(0.5, best(500)));
});
