import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairQueue, type QueuedJob } from './fair-queue.js';
import { job, many, take, takeAll } from '../test/queued.js';

const queueOf = (...jobs: QueuedJob[]) => {
  const queue = new FairQueue();
  for (const each of jobs) queue.add(each);
  return queue;
};

describe('lanes and models', () => {
  it('serves interactive before standard before batch', () => {
    const lanes = (['batch', 'standard', 'interactive', 'batch', 'interactive'] as const).map(
      (lane) => job(lane, { lane }),
    );
    expect(takeAll(queueOf(...lanes)).map(({ lane }) => lane)).toEqual([
      ...['interactive', 'interactive', 'standard', 'batch', 'batch'],
    ]);
  });

  it('gives a worker only what it can run, however urgent the rest is', () => {
    const queue = queueOf(job('a', { model: 'big', lane: 'interactive' }), job('b'));
    expect(take(queue, ['m'])?.accountId).toBe('b');
    expect(take(queue, ['m'])).toBeUndefined();
    expect(take(queue, ['m', 'big'])?.accountId).toBe('a');
  });
});

describe('a run that foresees', () => {
  it('takes what is really taken', () => {
    const jobs = Array.from({ length: 40 }, (_, index) =>
      job(`j${index}`, { accountId: `a${index % 7}`, model: `m${index % 5}`, sequence: index }),
    );
    const queue = queueOf(...jobs);
    const copy = queue.clone();
    const worker = { models: new Set(['m0', 'm1', 'm2', 'm4']), warm: new Set(['m2']) };
    for (let taken = queue.take(worker, 0); taken; taken = queue.take(worker, 0)) {
      expect(copy.takeUnexplained(worker, 0)?.jobId).toBe(taken.job.jobId);
    }
    expect(copy.takeUnexplained(worker, 0)).toBeUndefined();
    expect(copy.size).toBe(8);
  });
});

describe('fairness', () => {
  it('does not let 1,000 queued jobs of one account delay the single job of another', () => {
    const queue = queueOf(...many('greedy', 1_000));
    for (let running = 0; running < 4; running += 1) take(queue, ['m']);
    queue.add(job('modest'));
    expect(queue.workAhead({ accountId: 'patient', lane: 'standard' }, new Set(['m'])).jobs).toBe(
      1,
    );
    expect(take(queue, ['m'])?.accountId).toBe('modest');
  });

  it('gives nobody credit for having been away', () => {
    const queue = queueOf(...many('a', 50), ...many('b', 50));
    for (let served = 0; served < 40; served += 1) take(queue, ['m']);
    for (const late of many('late', 50)) queue.add(late);
    const next = takeAll(queue)
      .slice(0, 9)
      .map(({ accountId }) => accountId);
    expect(next.filter((accountId) => accountId === 'late').length).toBeLessThanOrEqual(4);
  });

  it('keeps k backlogged accounts within one job of each other, whatever their jobs cost', () => {
    const costs = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(costs, { minLength: 2, maxLength: 6 }), (accounts) => {
        const queue = new FairQueue();
        const rows = accounts.map((row, index) =>
          row.map((predictedGpuMs) => job(`acc${index}`, { predictedGpuMs })),
        );
        for (const row of rows) for (const each of row) queue.add(each);
        const dearest = Math.max(...accounts.flat());
        const served = new Map(rows.map((_, index) => [`acc${index}`, 0]));
        const left = new Map(rows.map((row, index) => [`acc${index}`, row.length]));
        while ([...left.values()].every((count) => count > 0)) {
          const next = take(queue, ['m']);
          if (next === undefined) throw new Error('the queue ran dry');
          served.set(next.accountId, (served.get(next.accountId) ?? 0) + next.predictedGpuMs);
          left.set(next.accountId, (left.get(next.accountId) ?? 0) - 1);
          const totals = [...served.values()];
          expect(Math.max(...totals) - Math.min(...totals)).toBeLessThanOrEqual(dearest);
        }
      }),
    );
  });

  it('stays fair by true cost when predictions are wrong and jobs run side by side', () => {
    const truth = fc.record({
      factor: fc.constantFrom(0.25, 0.5, 2, 4),
      slots: fc.constantFrom(1, 3),
    });
    fc.assert(
      fc.property(truth, fc.infiniteStream(fc.nat(2)), ({ factor, slots }, ends) => {
        const queue = queueOf(...many('misjudged', 400), ...many('plain', 400));
        const running: QueuedJob[] = [];
        const served = { misjudged: 0, plain: 0 };
        for (let turn = 0; turn < 200; turn += 1) {
          while (running.length < slots) running.push(take(queue, ['m']) as QueuedJob);
          const [ended] = running.splice((ends.next().value as number) % slots, 1);
          const { jobId, accountId } = ended as QueuedJob;
          const gpuMs = accountId === 'misjudged' ? 1_000 * factor : 1_000;
          queue.settle(jobId, gpuMs);
          served[accountId as 'plain'] += gpuMs;
        }
        const bound = (slots + 1) * 1_000 * Math.max(1, factor);
        expect(Math.abs(served.misjudged - served.plain)).toBeLessThanOrEqual(bound);
      }),
    );
  });

  it('serves by weight', () => {
    const queue = new FairQueue();
    for (const each of [...many('heavy', 60, { weight: 3 }), ...many('light', 60)]) queue.add(each);
    const first = takeAll(queue)
      .slice(0, 40)
      .map(({ accountId }) => accountId);
    const heavy = first.filter((accountId) => accountId === 'heavy').length;
    expect(heavy).toBeGreaterThanOrEqual(29);
    expect(heavy).toBeLessThanOrEqual(31);
  });
});

describe('any sequence of steps', () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('add'), account: fc.nat(4), model: fc.nat(2) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('take'), account: fc.nat(4), model: fc.nat(2) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('remove'), account: fc.nat(), model: fc.nat(2) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('back'), account: fc.nat(), model: fc.nat(2) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('settle'), account: fc.nat(), model: fc.nat(2) }),
    },
  );

  it('loses no job, serves none twice, and keeps each account first come first served', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const queue = new FairQueue();
        const waiting = new Map<string, QueuedJob>();
        const running: QueuedJob[] = [];
        for (const { kind, account, model } of steps) {
          if (kind === 'add') {
            const added = job(`acc${account}`, { model: `m${model}` });
            queue.add(added);
            waiting.set(added.jobId, added);
          } else if (kind === 'take') {
            const taken = take(queue, [`m${model}`]);
            const fitting = [...waiting.values()].filter((each) => each.model === `m${model}`);
            expect(taken === undefined).toBe(fitting.length === 0);
            if (taken === undefined) continue;
            const mine = fitting.filter(({ accountId }) => accountId === taken.accountId);
            expect(taken.sequence).toBe(Math.min(...mine.map((each) => each.sequence)));
            expect(waiting.delete(taken.jobId)).toBe(true);
            running.push(taken);
          } else if (kind === 'remove') {
            const gone = [...waiting.keys()][account % Math.max(1, waiting.size)];
            if (gone === undefined) continue;
            expect(queue.remove(gone)).toBe(true);
            waiting.delete(gone);
          } else {
            const [ended] = running.splice(account % Math.max(1, running.length), 1);
            if (ended === undefined) continue;
            queue.settle(ended.jobId, kind === 'back' ? 0 : account % 3_000);
            if (kind !== 'back') continue;
            queue.add(ended);
            waiting.set(ended.jobId, ended);
          }
          expect(queue.size).toBe(waiting.size);
          expect(queue.backlog()).toEqual({ jobs: waiting.size, gpuMs: waiting.size * 1_000 });
        }
        expect(
          takeAll(queue, ['m0', 'm1', 'm2'])
            .map(({ jobId }) => jobId)
            .sort(),
        ).toEqual([...waiting.keys()].sort());
      }),
    );
  });
});

describe('what stands before a new job', () => {
  const everything = new Set(['m', 'big']);
  it('is nothing in an empty queue', () => {
    const ahead = new FairQueue().workAhead({ accountId: 'a', lane: 'standard' }, everything);
    expect(ahead).toEqual({ jobs: 0, gpuMs: 0 });
  });

  it('is what is really served before it', () => {
    const setup = fc.record({
      counts: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 5 }),
      served: fc.integer({ min: 0, max: 10 }),
      who: fc.nat(5),
    });
    fc.assert(
      fc.property(setup, ({ counts, served, who }) => {
        const queue = queueOf(...counts.flatMap((count, index) => many(`acc${index}`, count)));
        for (let turn = 0; turn < served; turn += 1) take(queue, ['m']);
        const mine = job(`acc${who}`);
        const { jobs } = queue.workAhead(
          { accountId: mine.accountId, lane: mine.lane },
          everything,
        );
        queue.add(mine);
        expect(takeAll(queue).findIndex(({ jobId }) => jobId === mine.jobId)).toBe(jobs);
      }),
    );
  });

  it('counts more urgent lanes whole, and only jobs that compete for the same workers', () => {
    const queue = queueOf(
      ...many('a', 3, { lane: 'interactive' }),
      ...many('a', 2, { lane: 'batch' }),
      ...many('a', 2, { model: 'other' }),
    );
    expect(queue.workAhead({ accountId: 'b', lane: 'standard' }, everything)).toEqual({
      jobs: 3,
      gpuMs: 3_000,
    });
  });
});
