import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { newUuid } from '@safelight/contracts';
import { Problem } from './problem.js';
import { securityHeaders } from './security-headers.js';

/** How long a client may take to read why it was turned away, before its connection is cut. */
const LINGER_MS = 1_000;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Answers what never becomes a request: bytes that are not HTTP, headers that are too large or too
 * slow, and methods that ask for something other than an answer. The connection always ends: after
 * such a fault nobody can say where the next request would begin.
 */
export class ConnectionFaults {
  /** The last request that each connection brought. */
  private readonly exchanges = new WeakMap<Duplex, Exchange>();

  watch(server: Server): void {
    server.on('request', (request, response) =>
      this.exchanges.set(request.socket, { request, response }),
    );
    server.on('connect', (_, socket) =>
      turnAway(socket, new Problem('METHOD_NOT_ALLOWED', 'CONNECT is not supported here.')),
    );
    // Refused like any other request that cannot be served as it wishes.
    server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  }

  answer(error: NodeJS.ErrnoException, socket: Duplex): void {
    const last = this.exchanges.get(socket);
    if (error.code === 'ECONNRESET') socket.destroy();
    // Answered before its body was there, of which nothing more is wanted.
    else if (last?.response.writableFinished === true && !last.request.complete) socket.destroy();
    else if (last === undefined || last.response.writableFinished)
      turnAway(socket, problemOf(error));
    else if (last.request.complete) {
      // An earlier, sound request has its answer first.
      last.response.once('close', () => turnAway(socket, problemOf(error)));
    } else if (last.response.headersSent) socket.destroy();
    else turnAway(socket, problemOf(error));
  }
}

function problemOf(error: NodeJS.ErrnoException): Problem {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('REQUEST_TIMEOUT', 'The request did not arrive in time; send it again.');
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('HEADERS_TOO_LARGE', 'The headers are larger than 16 KiB; send less.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new Problem('PAYLOAD_TOO_LARGE', 'The chunk extensions are too large; send none.');
    default:
      return new Problem('BAD_REQUEST', 'This is not HTTP/1.1 as RFC 9112 has it.');
  }
}

/** Writes the answer by hand and hangs up, giving the client time to read it. */
function turnAway(socket: Duplex, problem: Problem): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  // Unread bytes at the time of closing would reset the connection and the answer with it.
  socket.on('data', () => undefined).resume();
  socket.on('error', () => undefined);
  socket.end(messageOf(problem));
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

function messageOf(problem: Problem): string {
  const requestId = newUuid();
  const body = JSON.stringify(problem.toDocument(requestId));
  const headers = {
    ...securityHeaders,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'x-request-id': requestId,
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n`;
  return `${status}${lines.join('')}\r\n${body}`;
}
