import type { RouteExample } from './route.js';

const requestId = '5f0f3c7e-8f4b-4c36-9a57-0f6f3f1f2b11';

const id = 'top_01k9zq4hjkm8nvw5r2c7x3d6ef';

/** A top-up as the examples show it: where payments are played, as on a fresh machine. */
const bought = {
  id,
  status: 'pending',
  package: 'small',
  origin: 'checkout',
  credits: '250',
  usd: '10.00',
  refunded_usd: '0.00',
  disputed_usd: '0.00',
  reason: null,
  checkout_url: 'https://checkout.stripe.com/c/pay/cs_live_a1',
  created_at: '2026-11-21T12:00:00.000Z',
  paid_at: null,
};
const varies = ['/data/checkout_url'];

export const smallPackage: RouteExample = {
  name: 'a small package',
  request: { body: { package: 'small' } },
  answer: { status: 201, body: { data: bought, meta: {} }, varies },
};

export const unpaid: RouteExample = {
  name: 'a purchase, yet to be paid',
  given: 'a top-up',
  request: { path: { id } },
  answer: { status: 200, body: { data: bought, meta: {} }, varies },
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

export const notSigned: RouteExample = {
  name: 'what Stripe has not signed',
  request: {
    headers: { 'x-request-id': requestId, 'stripe-signature': 't=1763726400,v1=00' },
    body: { id: 'evt_1', object: 'event' },
  },
  answer: {
    status: 400,
    body: {
      type: '/docs/errors#bad-request',
      title: 'The request is not sound HTTP',
      status: 400,
      detail:
        'This is no event of the payment provider: the header Stripe-Signature is missing, does not fit the body, or is older than five minutes. Send events exactly as they are.',
      instance: `urn:safelight:request:${requestId}`,
      code: 'BAD_REQUEST',
      request_id: requestId,
    },
  },
};
