import { describe, expect, it } from '@jest/globals';
import { isOrphan, jobOfKey, type JobTraces } from './orphans.js';

const key = (name: string) => `jobs/job_1/${name}`;
const ended = new Date();
const job = (more: object) =>
  ({
    ...{ ended_at: null, deleted_at: null },
    ...{ spec: { inputs: [{ key: key('inputs/a') }] }, reported: [{ key: key('1/a.png') }] },
    ...more,
  }) as unknown as JobTraces;

describe('an object of a job', () => {
  it.each<[string, boolean, string, JobTraces | undefined]>([
    ['of no job', true, 'inputs/a', undefined],
    ['of a deleted job', true, 'inputs/a', job({ ended_at: ended, deleted_at: ended })],
    ['of an open job, named', false, 'inputs/a', job({})],
    ['of an open job, not named yet', false, '2/b.png', job({})],
    ['an input of an ended job', false, 'inputs/a', job({ ended_at: ended })],
    ['an output of an ended job', false, '1/a.png', job({ ended_at: ended })],
    ['of an attempt that was not reported', true, '2/b.png', job({ ended_at: ended })],
    ['of a job that reported nothing', true, '1/a.png', job({ ended_at: ended, reported: null })],
    ['of a job from before inputs', true, '9/a.png', job({ ended_at: ended, spec: {} })],
  ])('%s: %p', (_, expected, name, traces) => {
    expect(isOrphan(key(name), traces)).toBe(expected);
    expect(jobOfKey(key(name))).toBe('job_1');
  });
});
