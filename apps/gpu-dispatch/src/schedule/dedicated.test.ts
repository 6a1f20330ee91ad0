import { describe, expect, it } from '@jest/globals';
import { job, workerOf } from '../test/queued.js';
import { FairQueue } from './fair-queue.js';
import { WarmSlots } from './warm-slots.js';

const lake = { pool: 'lake', dedicated: true };

describe('slots of an account’s pool with a model loaded', () => {
  it('count for the pool’s own jobs, and for everybody’s only while they are lent', () => {
    const slots = new WarmSlots();
    slots.count(lake, 'm', 3);
    slots.count({ ...lake, lent: true }, 'm', 1);
    slots.count({ pool: 'big' }, 'm', 5);
    slots.count({}, 'm', 7);
    const of = (pool?: string) => slots.of({ model: 'm', pool });
    expect([of('lake'), of('big'), of()]).toEqual([4, 5, 13]);
    slots.count({ ...lake, lent: true }, 'm', -1);
    expect([of('lake'), of()]).toEqual([3, 12]);
  });

  it('keep no free slot for jobs that may not go there', () => {
    const slots = new WarmSlots();
    slots.count(lake, 'm', 10);
    const fleet = { warmSlots: slots.of.bind(slots), loadMs: () => 60_000 };
    const queue = new FairQueue(fleet);
    const cold = workerOf(['m'], { warm: new Set() });
    expect(queue.needNotWait(job('a'), cold)).toBe(true);
    expect(queue.needNotWait(job('a', { pool: 'lake' }), { ...cold, ...lake })).toBe(false);
    queue.add(job('a'));
    expect(queue.take(cold, 0)?.job.accountId).toBe('a');
  });
});

describe('a job that stays on shared workers', () => {
  it('is not taken by a worker of an account’s pool, not even to be lent', () => {
    const queue = new FairQueue();
    const test = job('tester', { sharedOnly: true });
    queue.add(test);
    const dedicated = workerOf(['m'], lake);
    expect(queue.take(dedicated, 0)).toBeUndefined();
    expect(queue.isWaitedFor(dedicated)).toBe(false);
    expect(queue.needNotWait(job('tester', { sharedOnly: true }), dedicated)).toBe(false);
    queue.add(job('other'));
    expect(queue.take(dedicated, 0)).toMatchObject({
      job: { accountId: 'other' },
      decision: { pool: 'lent' },
    });
    expect(queue.take(workerOf(['m'], { pool: 'big' }), 0)?.job).toBe(test);
  });
});
