import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** The client sends its body only when it is told to go on (RFC 9110, section 10.1.1). */
export const isExpecting = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers.expect !== undefined;

/**
 * Keeps Node from telling every client to go on before anybody has looked at what it wants.
 * @returns lets the client of a request go on, if it waits for that
 */
export function holdContinue(server: Server) {
  const waiting = new WeakSet<IncomingMessage>();
  server.on('checkContinue', (request, response) => {
    waiting.add(request);
    server.emit('request', request, response);
  });
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (waiting.delete(request)) response.writeContinue();
  };
}
