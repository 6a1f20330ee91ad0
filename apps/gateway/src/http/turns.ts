import { AsyncResource } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Requests after which a connection is closed, so that clients spread over new gateways too. */
const REQUESTS_MAX = 10_000;
/** Requests of one connection that wait for the answer to an earlier one. */
const WAITING_MAX = 16;

/** What a connection has carried. */
interface Line {
  requests: number;
  waiting: number;
  last: ServerResponse | undefined;
}

/**
 * Requests that share a connection run one after another: the next begins when the one before it was
 * answered, and not at all when that answer was the connection's last (RFC 9112, section 9.6), since
 * its client sends it again elsewhere. Clients that do not pipeline notice nothing.
 *
 * @param requestsMax after this many the connection is closed
 */
export function takeTurns(fastify: FastifyInstance, requestsMax = REQUESTS_MAX): void {
  const lines = new WeakMap<Socket, Line>();
  fastify.addHook('onRequest', ({ socket }, reply, done) => {
    const line = lines.get(socket) ?? { requests: 0, waiting: 0, last: undefined };
    lines.set(socket, line);
    const { last } = line;
    line.last = reply.raw;
    line.requests += 1;
    if (line.requests >= requestsMax) void reply.header('connection', 'close');
    if (last === undefined || last.writableFinished) {
      if (socket.writable) done();
      return;
    }
    line.waiting += 1;
    if (line.waiting > WAITING_MAX) socket.destroy();
    // Bound: whatever is remembered of the earlier request must not be taken for this one's.
    const next = AsyncResource.bind(() => {
      line.waiting -= 1;
      if (socket.writable) done();
    });
    last.once('close', next);
  });
}
