import { describe, expect, it } from '@jest/globals';
import { jobSpec } from '@safelight/contracts';
import { Board, entryOf } from './board.js';
import { take } from '../test/queued.js';

const spec = jobSpec.parse({
  ...{ operation: 'generate', model: 'm', width: 512, height: 512, steps: 4, guidance: 1 },
  ...{ images: 1, seed: 1, format: 'png', lane: 'standard', moderationLevel: 1 },
});
const leased = () => {
  const board = new Board();
  const entry = entryOf({
    ...{
      jobId: 'job_1',
      accountId: 'acc_1',
      spec,
      predictedGpuMs: 9,
      sequence: 1n,
      attempt: 0,
      failedOn: [],
    },
    ...{ cause: 'e', traceparent: null, queuedAtMs: 0, deadlineAtMs: 0 },
  });
  board.enqueue(entry);
  take(board.queue, ['m']);
  const grant = { attempt: 1, workerId: 'gpu-1', incarnation: 'i1' };
  board.lease(entry, grant, 30_000);
  return { board, entry };
};

it('remembers at least the last 20,000 jobs that ended, and not all of them', () => {
  const board = new Board();
  for (let n = 0; n < 60_000; n += 1) board.end(`job_${n}`, 0);
  expect([board.hasEnded('job_40000'), board.hasEnded('job_59999')]).toEqual([true, true]);
  expect(board.hasEnded('job_0')).toBe(false);
});

describe('a lease on the board', () => {
  it('is there until it is over', () => {
    const { board, entry } = leased();
    expect(board.leased()).toEqual([entry]);
    board.release(entry, 0);
    expect([entry.lease, board.leased()]).toEqual([undefined, []]);
    board.requeue(entry);
    expect(take(board.queue, ['m'])?.jobId).toBe('job_1');
  });

  it('ends with its job, also for those who still hold the entry', () => {
    const { board, entry } = leased();
    board.end('job_1', 5);
    expect([entry.lease, board.leased(), board.get('job_1')]).toEqual([undefined, [], undefined]);
    expect(board.hasEnded('job_1')).toBe(true);
  });
});
