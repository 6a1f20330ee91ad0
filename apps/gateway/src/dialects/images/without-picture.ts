import type { JobResource, ProblemCode } from '@safelight/contracts';
import { Problem } from '../../http/problem.js';

/** Failures that lie in what was sent: the same request fails again. */
const OF_THE_REQUEST =
  /^engine\.(?:request_invalid|(?:image|mask|face)_(?:size|unreadable)|region_not_found)$/;
const RETRY_SECONDS = '5';

type Ended = Pick<JobResource, 'id' | 'status' | 'error'>;

/**
 * The problem of a client that waits for a picture, when the job ended without one: a refusal by
 * policy and a request that cannot be made are the client's (400), a job that was stopped meanwhile is
 * a conflict (409), and work that failed here may be tried again later (503). No such end is charged,
 * and none is a fault that nobody knows of (500).
 *
 * @param isKeyed the request has an idempotency key, which stands for this job for good
 */
export function withoutPicture({ id, status, error }: Ended, isKeyed: boolean): Problem {
  const code = codeOf(status, error?.code ?? '');
  const told = error?.message ?? `The job was ${status}; nothing was charged.`;
  const isTransient = code === 'GPU_UNAVAILABLE';
  const detail = isTransient ? `${told} Ask again${isKeyed ? NEW_KEY : ''}.` : told;
  // OpenAI's client asks again by itself after a 409 and every 5xx: only where that can help.
  const headers = {
    ...(isTransient ? { 'retry-after': RETRY_SECONDS } : {}),
    ...(isTransient && !isKeyed ? {} : { 'x-should-retry': 'false' }),
  };
  const members = { job_id: id, ...(error === null ? {} : { failure: error.code }) };
  return new Problem(code, detail, { members, headers });
}

const NEW_KEY = ' with a new Idempotency-Key';

function codeOf(status: Ended['status'], failure: string): ProblemCode {
  if (status === 'blocked') return 'PROMPT_BLOCKED';
  if (status === 'cancelled') return 'CONFLICT';
  return OF_THE_REQUEST.test(failure) ? 'VALIDATION_ERROR' : 'GPU_UNAVAILABLE';
}
