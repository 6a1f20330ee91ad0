import { z } from 'zod';
import { deliveryId, webhookId } from '../../webhooks.js';
import {
  deliveryResource,
  gapReport,
  listDeliveriesQuery,
  redeliverRangeRequest,
} from '../webhook-deliveries.js';
import type { ApiRoute } from './route.js';
import { envelope, json, needs, noMeta, pageMeta } from './route.js';

const common = { tag: 'Webhooks', access: needs('webhooks:write') } as const;
const id = webhookId.meta({ description: 'The id of a webhook' });
const params = z.object({ id });
const delivery = deliveryResource.meta({ id: 'Delivery' });
const exampleId = 'whk_01k9zq4hjkm8nvw5r2c7x3d6ef';

const list: ApiRoute = {
  ...common,
  method: 'GET',
  path: '/api/v1/webhooks/{id}/deliveries',
  operationId: 'listDeliveries',
  summary: 'Deliveries with every attempt, newest first',
  params,
  query: listDeliveriesQuery,
  answers: { 200: json('A page of deliveries', envelope(z.array(delivery), pageMeta)) },
};

const redeliverOne: ApiRoute = {
  ...common,
  method: 'POST',
  path: '/api/v1/webhooks/{id}/deliveries/{delivery}/redeliver',
  operationId: 'redeliver',
  summary: 'Send one event again, under its old id and number',
  params: z.object({
    id,
    delivery: deliveryId.meta({ description: 'The id of a delivery' }),
  }),
  answers: { 202: json('The delivery, due now', envelope(delivery, noMeta)) },
  problems: ['CONFLICT'],
};

const redeliverMany: ApiRoute = {
  ...common,
  method: 'POST',
  path: '/api/v1/webhooks/{id}/redeliver',
  operationId: 'redeliverRange',
  summary: 'Send a range of events again, by time or by number',
  params,
  body: redeliverRangeRequest,
  answers: {
    202: json(
      'How many are due now',
      envelope(
        z.strictObject({
          count: z.int(),
          truncated: z.boolean().meta({
            description: 'There are more than are sent at once: ask again for the rest',
          }),
        }),
        noMeta,
      ),
    ),
  },
  problems: ['CONFLICT'],
  examples: [
    {
      name: 'what was missed',
      given: 'a webhook',
      request: { path: { id: exampleId }, body: { from_number: 1, missing_only: true } },
      answer: { status: 202, body: { data: { count: 0, truncated: false }, meta: {} } },
    },
  ],
};

const gaps: ApiRoute = {
  ...common,
  method: 'GET',
  path: '/api/v1/webhooks/{id}/gaps',
  operationId: 'getWebhookGaps',
  summary: 'Which events the receiver never acknowledged',
  params,
  answers: {
    200: json('The report', envelope(gapReport.meta({ id: 'GapReport' }), noMeta)),
  },
};

export const deliveryRoutes: readonly ApiRoute[] = [list, redeliverOne, redeliverMany, gaps];
