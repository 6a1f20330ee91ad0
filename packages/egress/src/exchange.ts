import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { EgressRefused } from './egress-refused.js';
import type { Destination } from './guard.js';
import { openRequest, type Outgoing } from './open-request.js';

/** What came back over one connection. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const HEADERS_MAX = 100;
const INTERIM_ANSWERS_MAX = 8;
const FIRST_FINAL_STATUS = 200;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Where an answer redirects to. One without a Location is an answer like any other. */
export function redirectOf({ status, headers }: Pick<Answer, 'status' | 'headers'>) {
  if (!REDIRECTS.has(status) || headers.location === undefined) return undefined;
  // Node reads headers as Latin-1; whoever writes other letters there means UTF-8, as browsers do.
  return Buffer.from(headers.location, 'latin1').toString();
}

/**
 * One request and its answer, over a connection of its own that is closed afterwards. The body of a
 * redirect is not read: nobody would see it.
 * @throws EgressRefused; the reason of `signal`.
 */
export async function exchange(
  to: Destination,
  outgoing: Outgoing,
  signal: AbortSignal,
): Promise<Answer> {
  signal.throwIfAborted();
  const { request, progress } = openRequest(to, outgoing);
  const stop = () => request.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const incoming = await answerTo(request);
    const status = incoming.statusCode ?? 0;
    const { headers } = incoming;
    const unread = redirectOf({ status, headers }) !== undefined || outgoing.method === 'HEAD';
    const body = unread ? Buffer.alloc(0) : await readBody(incoming, outgoing.maxBytes);
    return { status, headers, body };
  } catch (error) {
    signal.throwIfAborted();
    throw refusalOf(error, progress.stage);
  } finally {
    signal.removeEventListener('abort', stop);
    request.destroy();
  }
}

async function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  const incoming = await headOf(request);
  const status = incoming.statusCode ?? 0;
  if (status < FIRST_FINAL_STATUS) throw new Error(`${status} is no answer`);
  if (incoming.rawHeaders.length / 2 > HEADERS_MAX) {
    const limit = `at most ${HEADERS_MAX} headers`;
    throw new EgressRefused('egress.too_large', { limit, status });
  }
  return incoming;
}

function headOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let interim = 0;
    // The listener for errors stays: one that comes after the answer must not end the process.
    request.once('response', resolve).on('error', reject);
    request.on('information', () => {
      interim += 1;
      if (interim <= INTERIM_ANSWERS_MAX) return;
      const limit = `at most ${INTERIM_ANSWERS_MAX} interim answers`;
      reject(new EgressRefused('egress.too_large', { limit }));
    });
    // Nobody asked for another protocol. Node lets go of the socket here: it is ours to end.
    request.once('upgrade', (_incoming, socket) => {
      socket.on('error', () => undefined).destroy();
      reject(new Error('the server changes the protocol'));
    });
  });
}

async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const limit = `at most ${maxBytes} bytes`;
  const tooLarge = () =>
    new EgressRefused('egress.too_large', { limit, status: incoming.statusCode });
  if (Number(incoming.headers['content-length']) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function refusalOf(error: unknown, stage: 'connect' | 'handshake' | 'http'): EgressRefused {
  if (error instanceof EgressRefused) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  const context = { detail: `${stage}: ${code}`, cause: error };
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new EgressRefused('egress.too_large', { ...context, limit: 'the headers' });
  }
  return new EgressRefused(stage === 'handshake' ? 'egress.tls' : 'egress.unreachable', context);
}
