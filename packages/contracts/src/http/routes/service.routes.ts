import { z } from 'zod';
import type { ApiRoute, RouteAnswer } from './route.js';
import { envelope, json, noMeta } from './route.js';

const readiness = envelope(
  z
    .strictObject({
      status: z.enum(['ready', 'not ready', 'draining']),
      dependencies: z.record(z.string(), z.enum(['up', 'down'])),
    })
    .meta({ id: 'Readiness' }),
  noMeta,
);

const file = (description: string, mediaType: string): RouteAnswer => ({
  description,
  content: { [mediaType]: null },
});

const common = { method: 'GET', access: 'public' } as const;

const health: readonly ApiRoute[] = [
  {
    ...common,
    path: '/api/v1/health',
    operationId: 'getHealth',
    tag: 'Service',
    summary: 'Whether the gateway is up',
    answers: {
      200: json('It is', envelope(z.strictObject({ status: z.literal('up') }), noMeta)),
    },
    examples: [
      {
        name: 'up',
        request: {},
        answer: { status: 200, body: { data: { status: 'up' }, meta: {} } },
      },
    ],
  },
  {
    ...common,
    path: '/api/v1/ready',
    operationId: 'getReadiness',
    tag: 'Service',
    summary: 'The state of everything that the gateway needs',
    answers: {
      200: json('It can work', readiness),
      503: json('Something that it needs is away', readiness),
    },
    examples: [
      {
        name: 'ready',
        request: {},
        answer: {
          status: 200,
          body: {
            data: { status: 'ready', dependencies: { postgres: 'up', nats: 'up' } },
            meta: {},
          },
        },
      },
    ],
  },
];

const documents: readonly ApiRoute[] = [
  {
    ...common,
    path: '/api/openapi.json',
    operationId: 'getOpenApi',
    tag: 'Service',
    summary: 'This document: OpenAPI 3.1',
    answers: { 200: json('The document', z.looseObject({ openapi: z.string() })) },
  },
  {
    ...common,
    path: '/api/asyncapi.json',
    operationId: 'getAsyncApi',
    tag: 'Service',
    summary: 'Webhooks and public events: AsyncAPI 3',
    answers: { 200: json('The document', z.looseObject({ asyncapi: z.string() })) },
  },
  {
    ...common,
    path: '/docs',
    operationId: 'getReference',
    tag: 'Service',
    summary: 'The readable reference',
    answers: { 200: file('A page', 'text/html') },
  },
  {
    ...common,
    path: '/docs/errors',
    operationId: 'getErrorReference',
    tag: 'Service',
    summary: 'Every error code with its cause and remedy',
    answers: { 200: file('A page', 'text/html') },
  },
  {
    ...common,
    path: '/docs/assets/{file}',
    operationId: 'getReferenceAsset',
    tag: 'Service',
    summary: 'A part of the reference’s pages',
    params: z.object({ file: z.string() }),
    answers: {
      200: {
        description: 'The file',
        content: { 'text/javascript': null, 'text/css': null, 'image/png': null },
      },
    },
  },
];

export const serviceRoutes: readonly ApiRoute[] = [...health, ...documents];
