import { PAYMENT_EVENT_MAX_BYTES } from '@safelight/contracts';
import type { FastifyRequest } from 'fastify';

/** Where the payment provider posts its events. */
const PAYMENT_EVENTS = '/api/v1/payments/stripe/events';

/** What is posted there is signed byte for byte, so it is handed on as bytes and not read here. */
export const isPaymentEvent = ({ routeOptions }: FastifyRequest): boolean =>
  routeOptions.url === PAYMENT_EVENTS;

export const isTooLargeAnEvent = (bytes: number): boolean => bytes > PAYMENT_EVENT_MAX_BYTES;
