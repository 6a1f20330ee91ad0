import { z } from 'zod';
import { jobId } from '../../scalars.js';
import {
  imagesAccepted,
  imagesAnswer,
  imagesEditRequest,
  imagesError,
  imagesGenerateRequest,
  imagesJob,
} from '../dialects/images.js';
import type { ApiRoute } from './route.js';
import { json, needs } from './route.js';

const common = {
  // OpenAI passes unknown parameters over, and clients made for Azure add `api-version`.
  openQuery: true,
  tag: 'Images dialect',
  refusal: imagesError.meta({ id: 'ImagesError' }),
  refusalStatus: { 413: 400, 415: 400, 422: 400 },
} as const;

const makesPictures = {
  ...common,
  method: 'POST',
  access: needs('jobs:write', { makesJob: true }),
  headers: z.object({
    prefer: z.string().optional().meta({
      description: '`wait=N`, N at most 60 seconds; without it the answer comes in at most 120',
    }),
  }),
  answers: {
    200: json('The pictures', imagesAnswer.meta({ id: 'ImagesAnswer' })),
    202: json(
      'It takes longer, or `callback_url` is told: `status_url` tells how it is',
      imagesAccepted.meta({ id: 'ImagesAccepted' }),
    ),
  },
  problems: [
    'INSUFFICIENT_CREDITS',
    'BUDGET_EXCEEDED',
    'PROMPT_BLOCKED',
    'GPU_UNAVAILABLE',
    'CONFLICT',
  ],
} as const;

const lake = { prompt: 'a quiet lake at dawn', size: '256x256' };
const id = 'job_01k9zq4hjkm8nvw5r2c7x3d6ef';

const generations: ApiRoute = {
  ...makesPictures,
  path: '/v1/images/generations',
  operationId: 'imagesGenerate',
  summary: 'Make images from text, as OpenAI’s clients ask for them',
  body: imagesGenerateRequest,
  examples: [
    {
      name: 'by link',
      request: { body: { ...lake, model: 'builtin/atelier', response_format: 'url' } },
      answer: {
        status: 200,
        body: {
          created: 1795262400,
          data: [{ url: 'https://safelight.example/api/v1/files/outputs/…' }],
          job_id: id,
          status: 'completed',
          url: 'https://safelight.example/api/v1/files/outputs/…',
          generation_time: 1.25,
          model: 'builtin/atelier',
          size: '256x256',
          output_format: 'png',
        },
        varies: ['/created', '/generation_time'],
      },
    },
  ],
};

const edits: ApiRoute = {
  ...makesPictures,
  path: '/v1/images/edits',
  operationId: 'imagesEdit',
  summary: 'Make images from an image and text, as OpenAI’s clients ask for them',
  description:
    'A form with `image` and perhaps `mask` as files of at most 10 MB, or JSON with both in base64.',
  body: imagesEditRequest,
  bodyTypes: ['multipart/form-data', 'application/json'],
};

const state: ApiRoute = {
  ...common,
  method: 'GET',
  path: '/v1/images/generation/jobs/{id}',
  operationId: 'getImagesJob',
  summary: 'The state of a job, and its pictures when it has completed',
  access: needs('jobs:read', { budget: 'watch' }),
  params: z.object({ id: jobId.meta({ description: 'The id of a job' }) }),
  answers: { 200: json('The job', imagesJob.meta({ id: 'ImagesJob' })) },
};

export const imagesDialectRoutes: readonly ApiRoute[] = [generations, edits, state];
