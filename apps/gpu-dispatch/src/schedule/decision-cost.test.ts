import { expect, it } from '@jest/globals';
import { job } from '../test/queued.js';
import { FairQueue } from './fair-queue.js';
import { IndexedHeap } from './indexed-heap.js';

/** Counts how many kinds of jobs are looked at. */
class CountedSet extends Set<string> {
  asked = 0;
  override has(value: string): boolean {
    this.asked += 1;
    return super.has(value);
  }
}

const names = Array.from({ length: 20 }, (_, index) => `m${index}`);

/** Most kinds that a decision looked at, in a queue of so many jobs of 4,000 accounts. */
function looksWith(jobs: number): number {
  const queue = new FairQueue();
  for (let each = 0; each < jobs; each += 1) {
    queue.add(job(`acc${each % 4_000}`, { model: names[each % names.length] ?? '' }));
  }
  let most = 0;
  for (let turn = 0; turn < 200; turn += 1) {
    const models = new CountedSet(names);
    queue.take({ models, warm: new Set(['m1', 'm2']) }, 0);
    most = Math.max(most, models.asked);
  }
  return most;
}

it('looks at each kind of job once, however many jobs wait', () => {
  expect(looksWith(4_000)).toBe(names.length);
  expect(looksWith(100_000)).toBe(names.length);
});

it('moves an account among 100,000 with a few dozen comparisons', () => {
  let compared = 0;
  const heap = new IndexedHeap<number, number>((a, b) => {
    compared += 1;
    return a < b;
  });
  for (let key = 0; key < 100_000; key += 1) heap.set(key, (key * 7_919) % 100_003);
  let most = 0;
  for (let turn = 0; turn < 1_000; turn += 1) {
    compared = 0;
    heap.set(heap.peek()?.key ?? 0, 200_000 + turn);
    most = Math.max(most, compared);
  }
  expect(most).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(100_000)) + 2);
});
