import { z } from 'zod';
import {
  novitaAccepted,
  novitaError,
  novitaLegacyAccepted,
  novitaModels,
  novitaTaskResult,
} from '../dialects/novita-answers.js';
import {
  novitaImg2img,
  novitaInpainting,
  novitaModelQuery,
  novitaTaskQuery,
  novitaTxt2img,
  novitaUpscale,
} from '../dialects/novita.js';
import type { ApiRoute } from './route.js';
import { json, needs } from './route.js';

const common = {
  // Novita passes unknown parameters over; the two reads that filter refuse them by themselves.
  openQuery: true,
  tag: 'Novita dialect',
  refusal: novitaError.meta({ id: 'NovitaError' }),
  refusalStatus: { 402: 400, 413: 400, 415: 400, 422: 400 },
} as const;

const makesTask = {
  ...common,
  method: 'POST',
  access: needs('jobs:write', { makesJob: true }),
  answers: {
    200: json(
      'The task is accepted; the second form where `extra.legacy_response` asks for it. `safelight-not-honoured` names fields that no model here honours',
      z.union([novitaAccepted, novitaLegacyAccepted]).meta({ id: 'NovitaAccepted' }),
    ),
  },
  problems: ['INSUFFICIENT_CREDITS', 'BUDGET_EXCEEDED', 'PROMPT_BLOCKED', 'GPU_UNAVAILABLE'],
} as const;

const id = 'job_01k9zq4hjkm8nvw5r2c7x3d6ef';

const tasks: readonly ApiRoute[] = [
  {
    ...makesTask,
    path: '/v3/async/txt2img',
    operationId: 'novitaTxt2img',
    summary: 'Make images from text',
    body: novitaTxt2img,
    examples: [
      {
        name: 'a small picture',
        request: {
          body: {
            request: {
              model_name: 'builtin/atelier',
              prompt: 'a quiet lake at dawn',
              width: 256,
              height: 256,
            },
          },
        },
        answer: { status: 200, body: { task_id: id } },
      },
    ],
  },
  {
    ...makesTask,
    path: '/v3/async/img2img',
    operationId: 'novitaImg2img',
    summary: 'Make images from an image and text',
    body: novitaImg2img,
  },
  {
    ...makesTask,
    path: '/v3/async/inpainting',
    operationId: 'novitaInpainting',
    summary: 'Repaint a part of an image',
    body: novitaInpainting,
  },
  {
    ...makesTask,
    path: '/v3/async/upscale',
    operationId: 'novitaUpscale',
    summary: 'Enlarge an image',
    body: novitaUpscale,
  },
];

const reads = {
  ...common,
  method: 'GET',
  access: needs('jobs:read', { budget: 'watch' }),
} as const;

const result: ApiRoute = {
  ...reads,
  path: '/v3/async/task-result',
  operationId: 'getNovitaTask',
  summary: 'The state of a task, and its images when it has succeeded',
  query: novitaTaskQuery,
  ids: { '?task_id': 'job' },
  answers: { 200: json('The task', novitaTaskResult.meta({ id: 'NovitaTask' })) },
  problems: ['NOT_FOUND'],
};

const models: ApiRoute = {
  ...reads,
  path: '/v3/model',
  operationId: 'listNovitaModels',
  summary: 'The models on offer',
  query: novitaModelQuery,
  answers: { 200: json('A page of models', novitaModels.meta({ id: 'NovitaModels' })) },
};

export const novitaDialectRoutes: readonly ApiRoute[] = [...tasks, result, models];
