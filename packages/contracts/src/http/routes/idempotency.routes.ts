import { z } from 'zod';
import { instant } from '../../scalars.js';
import { jobResource } from '../job.js';
import type { ApiRoute } from './route.js';
import { envelope, json, needs, noMeta } from './route.js';

const keptRequest = z
  .strictObject({
    route: z.string().meta({ description: 'Method and path' }),
    state: z.enum(['in_progress', 'answered']),
    answer: z
      .strictObject({ status: z.int(), body: z.string() })
      .nullable()
      .meta({ description: 'What the request was answered, byte for byte' }),
    job_id: z.string().nullable(),
    job: jobResource.nullable().meta({ description: 'As it is now; its charge with it' }),
    created_at: instant,
    expires_at: instant,
  })
  .meta({ id: 'KeptRequest' });

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
  },
];
