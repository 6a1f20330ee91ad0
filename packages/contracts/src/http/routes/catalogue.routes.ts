import { modelsAnswer, stylesAnswer } from '../catalogue.js';
import type { ApiRoute } from './route.js';
import { json } from './route.js';

const common = { method: 'GET', tag: 'Catalogue', access: 'public' } as const;

export const catalogueRoutes: readonly ApiRoute[] = [
  {
    ...common,
    path: '/api/v1/models',
    operationId: 'listModels',
    summary: 'What models are on offer now, what they do and what they cost',
    description: 'At most 120 requests a minute from one address.',
    answers: { 200: json('The models', modelsAnswer) },
    // A query is refused: a typo must not be taken for a filter.
    problems: ['VALIDATION_ERROR', 'RATE_LIMITED'],
    examples: [
      {
        name: 'a model',
        request: {},
        answer: {
          status: 200,
          body: {
            data: [
              {
                name: 'builtin/atelier',
                description: 'Paints scenes from words',
                default: true,
                state: 'warm',
                operations: ['generate', 'edit'],
                base: 'builtin-atelier',
                features: [],
                limits: {
                  ...{ min_width: 128, min_height: 128, max_width: 2048, max_height: 2048 },
                  ...{ max_pixels: null, min_steps: 1, max_steps: 100, max_images: 8 },
                  samplers: null,
                },
                default_steps: 20,
                defaults: { guidance: 7, sampler: null, strength: 0.6 },
                ...{ resolutions: [], qualities: [], parts: [] },
                ...{ content_class: 'general', price_class: 'standard', licence: null },
                ...{ deprecated_at: null, sunset_at: null, successor: null },
                price: { credits: '1', width: 1024, height: 1024, steps: 20, version: '2026-11-1' },
              },
            ],
            meta: { next_cursor: null, output_storage: [] },
          },
          varies: ['/data', '/meta/output_storage'],
        },
      },
    ],
  },
  {
    ...common,
    path: '/api/v1/styles',
    operationId: 'listStyles',
    summary: 'Preset prompt parts, with the very words that they add',
    answers: { 200: json('The styles', stylesAnswer) },
    problems: ['VALIDATION_ERROR'],
  },
];
