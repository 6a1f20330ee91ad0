import type { FastifyRequest } from 'fastify';

const WAIT_MAX_SECONDS = 60;

/**
 * How long a client wants to wait for the end of what it asks for: `Prefer: wait=N` (RFC 7240), in
 * seconds, 60 at most. A preference that cannot be read is none: so the RFC wants it.
 */
export function preferredWait(request: FastifyRequest): number | undefined {
  const header = request.headers['prefer'];
  const preferences = Array.isArray(header) ? header.join(',') : (header ?? '');
  const seconds = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:$|[,;])/i.exec(preferences)?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), WAIT_MAX_SECONDS);
}
