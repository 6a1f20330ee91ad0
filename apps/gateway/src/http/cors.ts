import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** Everything that a client of the API may send or wants to read, beyond what browsers allow anyway. */
const SENT = [
  ...['authorization', 'x-api-key', 'content-type', 'idempotency-key', 'prefer'],
  ...['last-event-id', 'traceparent', 'x-request-id'],
];
const READ = [
  ...['x-request-id', 'trace-id', 'retry-after', 'location', 'idempotent-replayed'],
  ...['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'preference-applied'],
  ...['deprecation', 'sunset'],
];
const PREFLIGHT_SECONDS = 600;

/**
 * Which web pages may call the API from a browser: those of the listed origins, and no page when
 * there are none. Never with cookies, which the API does not know: whoever calls has a key, and a
 * key in a page belongs to everybody who opens it, so a page should call its own server instead.
 */
export function allowOrigins(fastify: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  void fastify.register(cors, {
    origin: [...origins],
    methods: ['GET', 'POST', 'DELETE'],
    allowedHeaders: SENT,
    exposedHeaders: READ,
    credentials: false,
    maxAge: PREFLIGHT_SECONDS,
    // An OPTIONS request that is no preflight is answered as any other without a route.
    strictPreflight: false,
  });
}
