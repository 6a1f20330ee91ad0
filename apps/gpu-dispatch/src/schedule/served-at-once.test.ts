import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairQueue, type QueuedJob } from './fair-queue.js';

let sequence = 0;
const job = (accountId: string, part: Partial<QueuedJob> = {}): QueuedJob => {
  sequence += 1;
  return {
    ...{ jobId: `job_${sequence}`, accountId, sequence },
    ...{ model: 'm', lane: 'standard', predictedGpuMs: 1_000 },
    ...part,
  };
};
const takeAll = (queue: FairQueue) => {
  const order: QueuedJob[] = [];
  for (let next = queue.take(['m']); next; next = queue.take(['m'])) order.push(next);
  return order;
};

describe('a job that need not wait', () => {
  it('is charged as one that was added and taken at once, whatever was before', () => {
    const step = fc.record({ account: fc.constantFrom('a', 'b', 'c'), cost: fc.nat(3_000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const [served, taken] = [new FairQueue(), new FairQueue()];
        for (const { account, cost } of steps) {
          const each = job(account);
          served.serve(each);
          taken.add(each);
          taken.take(['m']);
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
    expect(queue.isWaitedFor(['m'])).toBe(false);
    expect(queue.isWaitedFor(['m', 'big'])).toBe(true);
    queue.take(['big']);
    expect(queue.isWaitedFor(['m', 'big'])).toBe(false);
  });
});
