import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.js';

/** Longest request target, in bytes: every address of the API is far shorter. */
const TARGET_MAX = 4096;
const ORIGIN = /^https?:\/\/[^/?#]*/i;

const EXPECTATION_MET = /^(?:100-continue)?$/i;

/** Headers of which two would leave it open which one counts. */
const SINGLE_HEADERS = new Set(['host', 'authorization', 'content-type', 'idempotency-key']);

/** Methods of the API and of those that may come; TRACE would show headers to whoever asks. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * The target as a path: a client that takes us for a proxy sends it with scheme and host, which say
 * nothing here (RFC 9112, section 3.2.2).
 */
export function pathOfTarget({ url = '/' }: Pick<IncomingMessage, 'url'>): string {
  if (url.startsWith('/')) return url;
  const path = url.replace(ORIGIN, '');
  return path.startsWith('/') ? path : `/${path}`;
}

/** Refuses what is HTTP but could be read in two ways, or by nobody behind us. */
export function refuseUnsoundRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _, done) => {
    const { raw } = request;
    done(faultOfMethod(raw.method) ?? faultOfTarget(raw.url ?? '') ?? faultOfHeaders(raw));
  });
}

function faultOfMethod(method = ''): Problem | undefined {
  if (METHODS.includes(method)) return undefined;
  const headers = { allow: METHODS.join(', ') };
  return new Problem('METHOD_NOT_ALLOWED', `The method ${method} is not supported.`, { headers });
}

function faultOfTarget(target: string): Problem | undefined {
  if (target.length > TARGET_MAX)
    return new Problem('URI_TOO_LONG', `The address is longer than ${TARGET_MAX} bytes.`);
  if (!target.includes('%')) return undefined;
  let decoded: string;
  try {
    decoded = decodeURIComponent(target);
  } catch {
    return badEncoding();
  }
  if (!decoded.includes('\u0000')) return undefined;
  return new Problem('BAD_REQUEST', 'The address contains the NUL character (%00); remove it.');
}

export const badEncoding = () =>
  new Problem(
    'BAD_REQUEST',
    'The address is not percent-encoded UTF-8; write a percent sign itself as %25.',
  );

function faultOfHeaders(request: IncomingMessage): Problem | undefined {
  if (request.headers.host === undefined && request.httpVersion !== '1.0')
    return new Problem('BAD_REQUEST', 'The header Host is missing.');
  if (!EXPECTATION_MET.test(request.headers.expect ?? ''))
    return new Problem('EXPECTATION_FAILED', 'The only expectation met here is 100-continue.', {
      headers: { connection: 'close' },
    });
  const seen = new Set<string>();
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at]?.toLowerCase() ?? '';
    if (!SINGLE_HEADERS.has(name)) continue;
    if (seen.has(name))
      return new Problem('BAD_REQUEST', `The header ${name} is given twice; send it once.`);
    seen.add(name);
  }
  return undefined;
}
