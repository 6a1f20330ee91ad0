import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairQueue } from './fair-queue.js';
import { job, take, takeAll, workerOf } from '../test/queued.js';

describe('a job that need not wait', () => {
  it('is charged as one that was added and taken at once, whatever was before', () => {
    const step = fc.record({ account: fc.constantFrom('a', 'b', 'c'), cost: fc.nat(3_000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const [served, taken] = [new FairQueue(), new FairQueue()];
        for (const { account, cost } of steps) {
          const each = job(account);
          served.serve(each, workerOf(['m']));
          taken.add(each);
          take(taken, ['m']);
          for (const queue of [served, taken]) if (cost > 0) queue.settle(each.jobId, cost);
        }
        const later = 'abcabcabcabc'.split('').map((account) => job(account));
        for (const each of later) {
          served.add(each);
          taken.add(each);
        }
        expect(takeAll(served)).toEqual(takeAll(taken));
      }),
    );
  });

  it('is only one when nobody waits for the slot', () => {
    const queue = new FairQueue();
    queue.add(job('a', { model: 'big', lane: 'batch' }));
    expect(queue.isWaitedFor(workerOf(['m']))).toBe(false);
    expect(queue.isWaitedFor(workerOf(['m', 'big']))).toBe(true);
    take(queue, ['big']);
    expect(queue.isWaitedFor(workerOf(['m', 'big']))).toBe(false);
  });
});
