import { z } from 'zod';
import { instant, jobId } from '../../scalars.js';
import { chargeAnswer } from '../charge.js';
import { generateRequest } from '../generate.js';
import { jobAnswer, jobResource } from '../job.js';
import { jobFilters } from '../list-jobs.js';
import {
  acceptedPicture,
  blockedPrompt,
  cancelled,
  erased,
  finishedPicture,
  narrowPicture,
  nothingToRetry,
  oneJob,
  someone,
  storedPicture,
} from './jobs.examples.js';
import { explainedCharge } from './charge.examples.js';
import { makingJob } from './making.js';
import type { ApiRoute } from './route.js';
import { envelope, json, needs, noMeta, pageMeta } from './route.js';

const params = z.object({ id: jobId.meta({ description: 'The id of a job' }) });

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
  ...makingJob,
  path: '/api/v1/generate',
  operationId: 'generate',
  tag: 'Jobs',
  summary: 'Make an image from text, or from text and an image',
  access: needs('jobs:write', { makesJob: true }),
  body: generateRequest,
  // Those of ip_adapters and controlnet are opened only where a model honours them: not the built-in.
  ids: { '/image': 'upl' },
  examples: [acceptedPicture, finishedPicture, narrowPicture, storedPicture, blockedPrompt],
};

/** As OpenAPI can say it: labels are parameters with names of the client's own. */
const filters = jobFilters.omit({ metadata: true }).extend({
  'metadata.<name>': z.string().optional().meta({
    description:
      'The value of the job’s metadata `<name>`, e.g. `metadata.order=7`; of up to 16 such parameters a job must fit all',
  }),
});

const list: ApiRoute = {
  method: 'GET',
  path: '/api/v1/jobs',
  operationId: 'listJobs',
  tag: 'Jobs',
  summary: 'Jobs, newest first',
  access: needs('jobs:read', { budget: 'watch' }),
  query: filters,
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
  answers: { 200: json('The job', jobAnswer) },
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
  answers: { 200: json('The job', jobAnswer) },
  problems: ['CONFLICT'],
  examples: [cancelled],
};

const retry: ApiRoute = {
  ...makingJob,
  path: '/api/v1/jobs/{id}/retry',
  operationId: 'retryJob',
  tag: 'Jobs',
  summary: 'Make a failed job again, as a new job at today’s price',
  access: needs('jobs:write', { makesJob: true }),
  params,
  problems: [...makingJob.problems, 'CONFLICT'],
  examples: [nothingToRetry],
};

const erase: ApiRoute = {
  method: 'DELETE',
  path: '/api/v1/jobs/{id}',
  operationId: 'eraseJob',
  tag: 'Jobs',
  summary: 'Delete what an ended job was made of and what it made',
  description:
    'Prompt, pictures and outputs are gone for good, and with them every link. That there was a job, what it cost and its decisions stay. Deleting again answers alike.',
  access: needs('jobs:write'),
  params,
  answers: { 200: json('The job, without its outputs', jobAnswer) },
  problems: ['CONFLICT'],
  examples: [erased],
};

const charge: ApiRoute = {
  method: 'GET',
  path: '/api/v1/jobs/{id}/charge',
  operationId: 'getJobCharge',
  tag: 'Jobs',
  summary: 'Why the job cost what it cost',
  description:
    'The price line by line under the price book of the time, the hold, and the capture or refund: each with its entry in the ledger and the event of the job that stands for it.',
  access: needs('jobs:read', { budget: 'watch' }),
  params,
  answers: { 200: json('The charge', chargeAnswer) },
  examples: [explainedCharge],
};

export const jobRoutes: readonly ApiRoute[] = [
  ...[generate, list, get, events, charge, cancel, retry, erase],
];
