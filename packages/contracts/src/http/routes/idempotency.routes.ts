import { z } from 'zod';
import { instant } from '../../scalars.js';
import { jobResource } from '../job.js';
import { finished } from './jobs.examples.js';
import type { ApiRoute, RouteExample } from './route.js';
import { envelope, json, needs, noMeta } from './route.js';

const keptRequest = z
  .strictObject({
    route: z.string().meta({ description: 'Method and path' }),
    state: z.enum(['in_progress', 'answered']),
    answer: z.strictObject({ status: z.int(), body: z.string() }).nullable().meta({
      description:
        'What the request was answered, byte for byte. `null` while it is under way, and for requests that make no job: their answers may hold new keys and secrets, shown once to whoever may have them. Send such a request again to have its answer again',
    }),
    job_id: z.string().nullable(),
    job: jobResource.nullable().meta({ description: 'As it is now; its charge with it' }),
    created_at: instant,
    expires_at: instant,
  })
  .meta({ id: 'KeptRequest' });

const key = '9f1c1f0e-3a52-4a58-9a38-3c3d1f5e7a10';
const blank = { model: 'builtin/blank', width: 256, height: 256, steps: 1, seed: 7 };

const answered: RouteExample = {
  name: 'the answer was lost on its way',
  given: 'an answered request',
  request: { path: { key } },
  answer: {
    status: 200,
    body: {
      data: [
        {
          route: 'POST /api/v1/generate',
          state: 'answered',
          answer: {
            status: 202,
            body: `{"data":{"id":"${finished.id}","status":"pending"},"meta":{…}}`,
          },
          job_id: finished.id,
          job: { ...finished, ...blank, outputs: [{ ...finished.outputs[0], ...sizeOf(blank) }] },
          created_at: finished.created_at,
          expires_at: '2026-11-22T12:00:00.000Z',
        },
      ],
      meta: {},
    },
    varies: ['/data/0/answer/body', '/data/0/job/outputs/0/moderation/confidence'],
  },
};

function sizeOf({ width, height, seed }: typeof blank) {
  return { width, height, seed };
}

export const idempotencyRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/idempotency/{key}',
    operationId: 'getIdempotencyKey',
    tag: 'Requests',
    summary: 'What became of the requests with an Idempotency-Key',
    description:
      'For the client that never saw an answer: the job that its request made, what it cost, and the answer.',
    access: needs('jobs:read', { budget: 'watch' }),
    params: z.object({ key: z.string().meta({ description: 'The Idempotency-Key as sent' }) }),
    answers: { 200: json('One for each route', envelope(z.array(keptRequest), noMeta)) },
    examples: [answered],
  },
];
