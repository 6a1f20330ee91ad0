import { z } from 'zod';
import { acceptedAnswer, jobAnswer } from '../job.js';
import type { RouteAnswer } from './route.js';
import { json } from './route.js';

const headers = z.object({
  prefer: z.string().optional().meta({ description: '`wait=N`, N at most 60 seconds' }),
  'safelight-test-outcome': z.enum(['fail', 'block', 'slow']).optional().meta({
    description: 'With a test key alone: how the job is to go. It passes otherwise',
  }),
});

const answers: Readonly<Record<number, RouteAnswer>> = {
  200: json('The finished job, for those who waited', jobAnswer),
  202: json('The job is accepted', acceptedAnswer),
};

/** What the native requests that make a job have in common. */
export const makingJob = {
  method: 'POST',
  description:
    'Answers as soon as the job is accepted, or with `Prefer: wait=N` (at most 60 seconds) when it has ended.',
  headers,
  answers,
  // NOT_FOUND: a picture given by the id of an upload that is not there.
  problems: [
    'INSUFFICIENT_CREDITS',
    'BUDGET_EXCEEDED',
    'PROMPT_BLOCKED',
    'GPU_UNAVAILABLE',
    'NOT_FOUND',
  ],
} as const;
