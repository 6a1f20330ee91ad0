import type { RouteExample } from './route.js';

const requestId = '5f0f3c7e-8f4b-4c36-9a57-0f6f3f1f2b11';

export const nothingBought: RouteExample = {
  name: 'where nothing can be bought',
  request: { headers: { 'x-request-id': requestId }, body: { package: 'small' } },
  answer: {
    status: 409,
    body: {
      type: '/docs/errors#conflict',
      title: 'The request conflicts with the present state',
      status: 409,
      detail:
        'No payment provider is configured in this deployment, so nothing was bought or charged. Ask its operator to grant you credits.',
      instance: `urn:safelight:request:${requestId}`,
      code: 'CONFLICT',
      request_id: requestId,
      package: { id: 'small', credits: '250', usd: '10.00' },
    },
  },
};

export const nothingSoFar: RouteExample = {
  name: 'nothing bought so far',
  request: {},
  answer: { status: 200, body: { data: [], meta: { next_cursor: null } } },
};

export const noAutoTopUp: RouteExample = {
  name: 'never set',
  request: {},
  answer: {
    status: 200,
    body: {
      data: {
        enabled: false,
        package: null,
        threshold: null,
        monthly_cap: null,
        disabled_reason: null,
        in_flight: null,
      },
      meta: {},
    },
  },
};

export const noEventsHere: RouteExample = {
  name: 'where Stripe is not configured',
  request: {
    headers: { 'x-request-id': requestId, 'stripe-signature': 't=1763726400,v1=00' },
    body: { id: 'evt_1', object: 'event' },
  },
  answer: {
    status: 409,
    body: {
      type: '/docs/errors#conflict',
      title: 'The request conflicts with the present state',
      status: 409,
      detail:
        'No payment provider is configured in this deployment, so nothing was bought or charged. Ask its operator to grant you credits.',
      instance: `urn:safelight:request:${requestId}`,
      code: 'CONFLICT',
      request_id: requestId,
    },
  },
};
