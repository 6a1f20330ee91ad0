import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { job, workerOf } from '../test/queued.js';
import { FairQueue } from './fair-queue.js';
import { DEFAULT_RULES } from './rules.js';

const cost = fc.integer({ min: 1, max: 5_000 });

describe('a lane that others go before', () => {
  it('gets its least share of GPU time, but for one job, at any time', () => {
    const costs = fc.array(fc.tuple(cost, cost), { minLength: 50, maxLength: 120 });
    fc.assert(
      fc.property(costs, (all) => {
        const queue = new FairQueue();
        for (const [urgent, patient] of all) {
          queue.add(job('a', { lane: 'interactive', predictedGpuMs: urgent }));
          queue.add(job('b', { lane: 'batch', predictedGpuMs: patient }));
        }
        const served = { interactive: 0, standard: 0, batch: 0 };
        for (let turn = 0; turn < all.length; turn += 1) {
          const { job: given } = queue.take(workerOf(['m']), 0) ?? fail();
          served[given.lane] += given.predictedGpuMs;
          const total = served.interactive + served.batch;
          const share = DEFAULT_RULES.minimumShares.batch * total;
          // It saves before it pays, and what it saves by a job is there after that job.
          const slack = 5_000 * (1 + DEFAULT_RULES.minimumShares.batch);
          expect(served.batch).toBeGreaterThanOrEqual(share - slack);
          // And not more: it is the least, not a privilege.
          expect(served.batch).toBeLessThanOrEqual(share + slack);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('a head whose model is loaded nowhere', () => {
  // Nothing but patience can bring it in: others may be ever so much further on.
  const rules = { ...DEFAULT_RULES, leadMs: Infinity, starvedMs: 60_000, forcedAtOnce: 2 };
  it('is forced in once it has waited too long, as often as the budget allows', () => {
    const gap = fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 60, maxLength: 120 });
    fc.assert(
      fc.property(gap, (gaps) => {
        const queue = new FairQueue(undefined, rules);
        for (const each of gaps.keys()) {
          queue.add(job('rare', { model: `rare${each}` }));
          queue.add(job('common'));
          queue.add(job('common'));
        }
        const view = {
          ...workerOf(['m', ...gaps.map((_, each) => `rare${each}`)]),
          warm: new Set(['m']),
        };
        let [nowMs, forced, tokens] = [0, 0, rules.forcedAtOnce];
        for (const [decided, each] of gaps.entries()) {
          nowMs += each;
          const { decision } = queue.take(view, nowMs) ?? fail();
          const due = nowMs > rules.starvedMs && tokens >= 1;
          expect(decision.rule).toBe(due ? 'switch: starved' : 'warm');
          tokens = Math.min(rules.forcedAtOnce, tokens + rules.forcedShare) - (due ? 1 : 0);
          forced += due ? 1 : 0;
          expect(forced).toBeLessThanOrEqual(
            rules.forcedAtOnce + rules.forcedShare * (decided + 1),
          );
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('a pool that is reserved', () => {
  const view = workerOf(['m'], { pool: 'acme' });
  const queueOf = (...pools: (string | undefined)[]) => {
    const queue = new FairQueue();
    for (const pool of pools) queue.add(job(pool ?? 'others', { pool }));
    return queue;
  };

  it('serves its account first, lends itself, and is reclaimed', () => {
    const queue = queueOf(undefined, undefined, 'acme');
    expect(queue.take(view, 0)?.decision.pool).toBe('own');
    expect(queue.take(view, 0)?.decision.pool).toBe('lent');
    queue.add(job('acme', { pool: 'acme', lane: 'batch' }));
    expect(queue.take({ ...view, lent: true }, 0)?.decision.pool).toBe('reclaimed');
  });

  it('is the only one whose workers get its jobs', () => {
    const queue = queueOf('acme');
    expect(queue.take(workerOf(['m']), 0)).toBeUndefined();
    expect(queue.take(workerOf(['m'], { pool: 'other' }), 0)).toBeUndefined();
    expect(queue.take(view, 0)?.job.pool).toBe('acme');
  });
});

function fail(): never {
  throw new Error('the queue ran dry');
}
