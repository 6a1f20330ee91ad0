import { z } from 'zod';
import { topUpId } from '../../scalars.js';
import {
  autoTopUpRequest,
  autoTopUpResource,
  paymentEventBody,
  playPaymentRequest,
  topUpRequest,
  topUpResource,
  topUpsQuery,
} from '../top-ups.js';
import type { ApiRoute } from './route.js';
import { envelope, json, needs, noMeta, pageMeta } from './route.js';
import { noAutoTopUp, nothingSoFar, notSigned, smallPackage, unpaid } from './top-ups.examples.js';

const tag = 'Account';
const topUp = topUpResource.meta({ id: 'TopUp' });
const one = envelope(topUp, noMeta);
const setting = envelope(autoTopUpResource.meta({ id: 'AutoTopUp' }), noMeta);
const params = z.object({ id: topUpId.meta({ description: 'The id of a top-up' }) });

const buying: readonly ApiRoute[] = [
  {
    tag,
    method: 'POST',
    path: '/api/v1/account/top-ups',
    operationId: 'topUp',
    summary: 'Buy credits',
    description:
      'Answers with the address of the payment page. The credits are there when the payment provider says that it was paid. Where no provider is configured, it answers 409 and nothing is charged.',
    access: needs('account:write'),
    body: topUpRequest,
    answers: { 201: json('The purchase, yet to be paid', one) },
    problems: ['CONFLICT'],
    examples: [smallPackage],
  },
  {
    tag,
    method: 'GET',
    path: '/api/v1/account/top-ups',
    operationId: 'listTopUps',
    summary: 'Purchases of credits, newest first',
    access: needs('account:read'),
    query: topUpsQuery,
    answers: { 200: json('A page of purchases', envelope(z.array(topUp), pageMeta)) },
    examples: [nothingSoFar],
  },
  {
    tag,
    method: 'GET',
    path: '/api/v1/account/top-ups/{id}',
    operationId: 'getTopUp',
    summary: 'A purchase, and what became of its payment',
    access: needs('account:read'),
    params,
    answers: { 200: json('The purchase', one) },
    examples: [unpaid],
  },
];

const auto = { tag, path: '/api/v1/account/auto-top-up' } as const;
const automatic: readonly ApiRoute[] = [
  {
    ...auto,
    method: 'GET',
    operationId: 'getAutoTopUp',
    summary: 'Whether credits are bought by themselves when few are left',
    access: needs('account:read'),
    answers: { 200: json('The setting', setting) },
    examples: [noAutoTopUp],
  },
  {
    ...auto,
    method: 'PUT',
    operationId: 'setAutoTopUp',
    summary: 'Buy credits by themselves when few are left',
    description:
      'When a job leaves less than `threshold` available, `package` is bought with the means of payment that was saved with a top-up; one at a time, and never more than `monthly_cap` credits in a calendar month (UTC). A payment that fails switches it off and says why.',
    access: needs('account:write'),
    body: autoTopUpRequest,
    answers: { 200: json('The setting', setting) },
    problems: ['CONFLICT'],
  },
];

export const topUpRoutes: readonly ApiRoute[] = [...buying, ...automatic];

/** What is called by the payment provider, not by customers. */
export const paymentRoutes: readonly ApiRoute[] = [
  {
    tag: 'Payments',
    method: 'POST',
    path: '/api/v1/payments/stripe/events',
    operationId: 'receiveStripeEvent',
    summary: 'For Stripe: a signed event about a payment',
    description:
      'Signed in the header `Stripe-Signature`, over the bytes of the body. Answers 200 once the event is stored. An event whose signature is wrong or older than five minutes is answered 400.',
    access: 'public',
    headers: z.object({ 'stripe-signature': z.string().max(2048) }),
    body: paymentEventBody,
    answers: {
      200: json(
        'It is stored',
        envelope(z.strictObject({ outcome: z.enum(['recorded', 'repeated', 'ignored']) }), noMeta),
      ),
    },
    problems: ['CONFLICT'],
    examples: [notSigned],
  },
  {
    tag: 'Payments',
    method: 'POST',
    path: '/api/v1/payments/development/{checkout}',
    operationId: 'playPayment',
    summary: 'For development only: play the payment provider; no money moves',
    description:
      'The `checkout_url` of a top-up on a machine without a payment provider. Any other deployment answers 404.',
    access: 'public',
    params: z.object({
      checkout: z.string().max(128).meta({ description: 'As in `checkout_url`' }),
    }),
    body: playPaymentRequest,
    answers: {
      200: json(
        'What became of the top-up',
        envelope(z.strictObject({ status: topUpResource.shape.status }), noMeta),
      ),
    },
  },
];
