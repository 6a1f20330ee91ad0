import { describe, expect, it } from '@jest/globals';
import type { JobResource } from '@safelight/contracts';
import { newId } from '@safelight/contracts';
import { withoutPicture } from './without-picture.js';

type Status = JobResource['status'];
const ended = (status: Status, code: string | null, isKeyed = false) => {
  const error = code === null ? null : { code, message: 'It came to nothing.' };
  return withoutPicture({ id: newId('job'), status, error }, isKeyed);
};

describe('a job that ended without the picture that its client waits for', () => {
  it.each<[Status, string | null, number, boolean]>([
    ['blocked', 'output.blocked', 400, false],
    ['cancelled', 'job.cancelled', 409, false],
    ['failed', 'engine.request_invalid', 422, false],
    ['failed', 'engine.mask_size', 422, false],
    ['failed', 'engine.image_unreadable', 422, false],
    ['failed', 'engine.region_not_found', 422, false],
    ['failed', 'engine.painting_failed', 503, true],
    ['failed', 'engine.thread_died', 503, true],
    ['failed', 'worker.fault', 503, true],
    ['failed', 'lease.expired', 503, true],
    ['failed', 'job.deadline_exceeded', 503, true],
    ['failed', 'hold.expired', 503, true],
    ['failed', null, 503, true],
  ])('%s with %s is %i', (status, code, expected, mayRetry) => {
    const problem = ended(status, code);
    expect(problem.status).toBe(expected);
    const { headers = {}, members } = problem.options;
    expect('x-should-retry' in headers).toBe(!mayRetry);
    expect('retry-after' in headers).toBe(mayRetry);
    expect(members?.['failure']).toBe(code ?? undefined);
  });

  it('is not asked for again by itself under the key that stands for it', () => {
    const problem = ended('failed', 'worker.fault', true);
    expect(problem.options.headers).toMatchObject({ 'x-should-retry': 'false' });
    expect(problem.detail).toMatch(/new Idempotency-Key/);
  });
});
