import { expect, it } from '@jest/globals';
import type { Decision } from '../schedule/decision.js';
import { FairQueue } from '../schedule/fair-queue.js';
import { job, workerOf } from '../test/queued.js';
import { tellSteps } from './explain.js';

const at = new Date(0);
const leased = (decision?: Decision) => ({
  ...{ type: 'AttemptLeased', at },
  data: { attempt: 1, workerId: 'gpu-1', ...(decision && { decision }) },
});

it('tells an operator why a job was taken, and who was not', () => {
  const queue = new FairQueue();
  const head = job('rare', { jobId: 'job_rare', model: 'rare' });
  queue.add(head);
  queue.add(job('common', { queuedAtMs: 1_000 }));
  const taken = queue.take({ ...workerOf(['m', 'rare']), warm: new Set(['m']) }, 3_500);
  expect(tellSteps([leased(taken?.decision)])).toEqual([
    '1970-01-01T00:00:00.000Z  attempt 1 given to gpu-1',
    '  warm: its model was loaded here, and its account was little further on than the head',
    '  waited 2.5 s in standard; the model was loaded',
    "  its account: 0.0 s ahead of the lane's time, 1 of 2 waiting accounts before it",
    '  otherwise: job_rare of rare (rare), whose account was 0.0 s ahead',
  ]);
});

it('says so where nothing was recorded', () => {
  expect(tellSteps([leased()])[1]).toBe('  why was not recorded: an older dispatcher gave it');
});
