import { z } from 'zod';
import { jobStatus } from '../../jobs.js';
import { instant, jobId } from '../../scalars.js';
import { generateRequest } from '../generate.js';
import { jobResource } from '../job.js';
import { jobFilters } from '../list-jobs.js';
import {
  acceptedPicture,
  blockedPrompt,
  cancelled,
  finishedPicture,
  narrowPicture,
  oneJob,
  someone,
} from './jobs.examples.js';
import type { ApiRoute } from './route.js';
import { envelope, json, needs, noMeta, pageMeta } from './route.js';

const params = z.object({ id: jobId.meta({ description: 'The id of a job' }) });

const accepted = envelope(
  z.strictObject({ id: z.string(), status: jobStatus }),
  z.strictObject({
    poll_url: z.string(),
    credits_remaining: z.string(),
    price: z.string(),
    eta_seconds: z.int(),
    queue_position: z.int(),
  }),
).meta({ id: 'AcceptedJob' });

const oneJobAnswer = envelope(jobResource, noMeta).meta({ id: 'OneJob' });

const timeline = envelope(
  z.array(
    z.strictObject({
      sequence: z.int().meta({ description: 'From 1 on, without gaps' }),
      type: z.string(),
      at: instant,
      data: z.record(z.string(), z.unknown()),
    }),
  ),
  noMeta,
).meta({ id: 'Timeline' });

const generate: ApiRoute = {
  method: 'POST',
  path: '/api/v1/generate',
  operationId: 'generate',
  tag: 'Jobs',
  summary: 'Make an image from text',
  description:
    'Answers as soon as the job is accepted, or with `Prefer: wait=N` (at most 60 seconds) when it has ended.',
  access: needs('jobs:write', { makesJob: true }),
  headers: z.object({
    prefer: z.string().optional().meta({ description: '`wait=N`, N at most 60 seconds' }),
  }),
  body: generateRequest,
  answers: {
    200: json('The finished job, for those who waited', oneJobAnswer),
    202: json('The job is accepted', accepted),
  },
  problems: ['INSUFFICIENT_CREDITS', 'PROMPT_BLOCKED', 'GPU_UNAVAILABLE'],
  examples: [acceptedPicture, finishedPicture, narrowPicture, blockedPrompt],
};

const list: ApiRoute = {
  method: 'GET',
  path: '/api/v1/jobs',
  operationId: 'listJobs',
  tag: 'Jobs',
  summary: 'Jobs, newest first',
  access: needs('jobs:read', { budget: 'watch' }),
  query: jobFilters,
  answers: { 200: json('A page of jobs', envelope(z.array(jobResource), pageMeta)) },
};

const get: ApiRoute = {
  method: 'GET',
  path: '/api/v1/jobs/{id}',
  operationId: 'getJob',
  tag: 'Jobs',
  summary: 'A job: state, outputs with fresh links, charge or refund',
  access: needs('jobs:read', { budget: 'watch' }),
  params,
  answers: { 200: json('The job', oneJobAnswer) },
  examples: [oneJob, someone],
};

const events: ApiRoute = {
  method: 'GET',
  path: '/api/v1/jobs/{id}/events',
  operationId: 'getJobEvents',
  tag: 'Jobs',
  summary: 'The job’s own timeline, as JSON or as a stream',
  description:
    'With `Accept: text/event-stream` (Server-Sent Events) news come as they happen; `Last-Event-ID` goes on after the event with that number, at any gateway and after any pause. A stream that has nothing more to tell answers 204: do not come back.',
  access: needs('jobs:read', { budget: 'watch' }),
  params,
  headers: z.object({
    'last-event-id': z.string().optional().meta({ description: 'The number seen last' }),
  }),
  answers: {
    200: {
      description: 'The events so far, or a stream of them',
      content: { 'application/json': timeline, 'text/event-stream': null },
    },
    204: { description: 'Nothing will follow', content: {} },
  },
};

const cancel: ApiRoute = {
  method: 'POST',
  path: '/api/v1/jobs/{id}/cancel',
  operationId: 'cancelJob',
  tag: 'Jobs',
  summary: 'Stop a job wherever it is; what was held for it comes back',
  access: needs('jobs:write'),
  params,
  answers: { 200: json('The job', oneJobAnswer) },
  problems: ['CONFLICT'],
  examples: [cancelled],
};

export const jobRoutes: readonly ApiRoute[] = [generate, list, get, events, cancel];
