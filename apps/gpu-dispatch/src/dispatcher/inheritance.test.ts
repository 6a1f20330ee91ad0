import { expect, it } from '@jest/globals';
import { jobSpec } from '@safelight/contracts';
import type { OpenAssignment } from '../assignment/open-assignments.sql.js';
import { Inheritance } from './inheritance.js';

const spec = jobSpec.parse({
  ...{ operation: 'generate', model: 'm', width: 512, height: 512, steps: 4, guidance: 1 },
  ...{ images: 1, seed: 1, format: 'png', lane: 'standard', moderationLevel: 1 },
});
const open = (sequence: number, rest: Partial<OpenAssignment> = {}): OpenAssignment => ({
  ...{ jobId: `job_${sequence}`, accountId: 'acc_1', spec, attempt: 0, attemptsMax: 3 },
  ...{ workerId: null, incarnation: null, predictedGpuMs: 9, sequence, cause: 'e' },
  ...{ traceparent: null, queuedAtMs: 0, deadlineAtMs: 0, failedOn: [], dueAt: null, ...rest },
});

it('puts what was left in the order of queueing, however it was read', () => {
  const recalled: string[] = [];
  const inherited = new Inheritance({
    recallQueued: (jobs) => recalled.push(...[...jobs].map(({ jobId }) => jobId)),
  });
  const leased = { attempt: 2, workerId: 'gpu-1', incarnation: 'i1' };
  inherited.take([open(30), open(10, { ...leased, failedOn: ['gpu-2'] })]);
  inherited.take([open(20, { attempt: 1, dueAt: new Date(5) })]);
  const jobs = inherited.inOrder();
  expect(jobs.map(({ entry }) => entry.job.jobId)).toEqual(['job_10', 'job_20', 'job_30']);
  expect(jobs.map(({ holder }) => holder)).toEqual([leased, undefined, undefined]);
  expect(jobs.map(({ dueAt }) => dueAt?.getTime())).toEqual([undefined, 5, undefined]);
  expect(jobs[0]?.entry.failedOn).toEqual(['gpu-2']);
  // What was leased once has a history that a row does not tell.
  expect(recalled).toEqual(['job_30']);
});
