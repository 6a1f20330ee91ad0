import { z } from 'zod';
import { webhookId } from '../../webhooks.js';
import {
  listWebhooksQuery,
  madeWebhookResource,
  makeWebhookRequest,
  rotateWebhookRequest,
  signingSecretResource,
  webhookResource,
} from '../webhooks.js';
import type { ApiRoute } from './route.js';
import { envelope, json, needs, noMeta, pageMeta } from './route.js';

const common = { tag: 'Webhooks', access: needs('webhooks:write') } as const;
const params = z.object({ id: webhookId.meta({ description: 'The id of a webhook' }) });
const resource = webhookResource.meta({ id: 'Webhook' });
const one = envelope(resource, noMeta);
const signing = signingSecretResource.meta({ id: 'SigningSecret' });
const shownOnce = envelope(
  madeWebhookResource.meta({ id: 'MadeWebhook' }),
  z.strictObject({ notice: z.string() }),
);
const accountSecret = envelope(signing, noMeta);
const id = 'whk_01k9zq4hjkm8nvw5r2c7x3d6ef';

/** A webhook as the examples show it. */
const example = {
  id,
  url: 'https://hooks.example.com/in',
  events: ['job.completed', 'job.failed'],
  description: 'the shop',
  job_id: null,
  status: 'active',
  disabled_reason: null,
  disabled_at: null,
  last_number: 0,
  created_at: '2026-11-21T12:00:00.000Z',
};

const make: ApiRoute = {
  ...common,
  method: 'POST',
  path: '/api/v1/webhooks',
  operationId: 'makeWebhook',
  summary: 'Have events of jobs sent to an address',
  description:
    'Requests are signed as Standard Webhooks, each receiver’s events are numbered without gaps, and what is not acknowledged is sent again.',
  body: makeWebhookRequest,
  answers: { 201: json('The webhook; its secret is shown this once', shownOnce) },
  problems: ['CONFLICT'],
  examples: [
    {
      name: 'two ends of a job',
      request: {
        body: {
          url: example.url,
          events: example.events,
          description: example.description,
        },
      },
      answer: {
        status: 201,
        body: {
          data: {
            ...example,
            signing: {
              secret: 'whsec_plJ3nmyCDGBKInavdOK15jsl',
              public_key: 'whpk_yeqMSgSqKFrBwmPhfsrEDhxEtmEyqfEV8jS2vWyZqZk',
              created_at: '2026-11-21T12:00:00.000Z',
            },
          },
          meta: { notice: 'The secret is shown this once; keep it now.' },
        },
        varies: ['/data/signing/secret', '/data/signing/public_key'],
      },
    },
  ],
};

const list: ApiRoute = {
  ...common,
  method: 'GET',
  path: '/api/v1/webhooks',
  operationId: 'listWebhooks',
  summary: 'Webhooks, newest first, never their secrets',
  query: listWebhooksQuery,
  answers: { 200: json('A page of webhooks', envelope(z.array(resource), pageMeta)) },
};

const get: ApiRoute = {
  ...common,
  method: 'GET',
  path: '/api/v1/webhooks/{id}',
  operationId: 'getWebhook',
  summary: 'A webhook and whether it is active',
  params,
  answers: { 200: json('The webhook', one) },
  examples: [
    {
      name: 'a webhook',
      given: 'a webhook',
      request: { path: { id } },
      answer: { status: 200, body: { data: example, meta: {} } },
    },
  ],
};

const remove: ApiRoute = {
  ...common,
  method: 'DELETE',
  path: '/api/v1/webhooks/{id}',
  operationId: 'removeWebhook',
  summary: 'Remove a webhook; what was not delivered yet is not sent any more',
  params,
  answers: {
    200: json(
      'It is gone',
      envelope(z.strictObject({ id: z.string(), deleted: z.literal(true) }), noMeta),
    ),
  },
  examples: [
    {
      name: 'one too many',
      given: 'a webhook',
      request: { path: { id } },
      answer: { status: 200, body: { data: { id, deleted: true }, meta: {} } },
    },
  ],
};

const enable: ApiRoute = {
  ...common,
  method: 'POST',
  path: '/api/v1/webhooks/{id}/enable',
  operationId: 'enableWebhook',
  summary: 'Send to it again, after it was disabled because it answered 410',
  params,
  answers: { 200: json('The webhook', one) },
};

const rotate: ApiRoute = {
  ...common,
  method: 'POST',
  path: '/api/v1/webhooks/{id}/rotate',
  operationId: 'rotateWebhook',
  summary: 'A new secret; the old one signs as well for a while',
  params,
  body: rotateWebhookRequest,
  answers: { 201: json('The webhook with its new secret, shown this once', shownOnce) },
};

const test: ApiRoute = {
  ...common,
  method: 'POST',
  path: '/api/v1/webhooks/{id}/test',
  operationId: 'testWebhook',
  summary: 'Send it a `webhook.test` now',
  params,
  answers: {
    202: json(
      'It is on its way; the delivery tells what became of it',
      envelope(z.strictObject({ delivery_id: z.string(), event_id: z.string() }), noMeta),
    ),
  },
  problems: ['CONFLICT'],
};

/** For single jobs; before the others, whose paths would fit `secret` as an id. */
const secrets: readonly ApiRoute[] = [
  {
    ...common,
    method: 'GET',
    path: '/api/v1/webhooks/secret',
    operationId: 'getWebhookSecret',
    summary: 'What webhooks of single jobs are signed with',
    answers: { 200: json('The secret; it can be read again', accountSecret) },
  },
  {
    ...common,
    method: 'POST',
    path: '/api/v1/webhooks/secret/rotate',
    operationId: 'rotateWebhookSecret',
    summary: 'A new secret for webhooks of single jobs; the old one signs as well for a while',
    body: rotateWebhookRequest,
    answers: { 201: json('The new secret', accountSecret) },
  },
];

export const webhookRoutes: readonly ApiRoute[] = [
  ...secrets,
  make,
  list,
  get,
  remove,
  enable,
  rotate,
  test,
];
