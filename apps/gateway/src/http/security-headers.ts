import type { FastifyInstance } from 'fastify';

/** What every answer of an API says to a browser that should happen upon it. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** A year, in seconds. Subdomains are left out: they are not ours to speak for. */
const STRICT_TRANSPORT = { 'strict-transport-security': 'max-age=31536000' };

/**
 * Sets the headers before anything else may answer. A route that needs others sets them itself, by
 * `@Header` or on the reply, and its own count.
 *
 * @param overTls clients reach us by https, so browsers may be told never to come by http
 */
export function setSecurityHeaders(fastify: FastifyInstance, overTls: boolean): void {
  const headers = { ...securityHeaders, ...(overTls ? STRICT_TRANSPORT : {}) };
  fastify.addHook('onRequest', (_, reply, done) => {
    void reply.headers(headers);
    done();
  });
}
