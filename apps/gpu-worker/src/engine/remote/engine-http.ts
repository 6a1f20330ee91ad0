import * as http from 'node:http';
import * as https from 'node:https';
import { EngineCancelled, EngineError, EngineLost } from '../engine.js';

export interface EngineAddress {
  /** Where the server listens, such as `http://127.0.0.1:8000`; a path is kept. */
  readonly url: string;
  /** How messages call the server. */
  readonly name: string;
  /** The `Authorization` header, where the server wants one. */
  readonly authorization?: string | undefined;
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly json?: unknown;
  readonly form?: FormData;
  /** For how long nothing may come, in milliseconds. Default 30,000. */
  readonly patienceMs?: number;
  /** How long the whole call may take, in milliseconds; without end where not said. */
  readonly withinMs?: number;
  /** Most bytes of an answer. Default 4 MiB. */
  readonly most?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface EngineAnswer {
  readonly status: number;
  readonly type: string;
  readonly bytes: Buffer;
}

const PATIENCE_MS = 30_000;
const MOST = 4 * 2 ** 20;
/** Of an answer that brings a result. */
export const MOST_OF_RESULT = 256 * 2 ** 20;

/**
 * HTTP to a server on which runs may take longer than `fetch` waits (300 s for the first byte, fixed).
 * Every call has a connection of its own: one that a restarted server has forgotten is never used.
 */
export class EngineHttp {
  readonly name: string;
  readonly #base: URL;
  readonly #authorization: string | undefined;

  constructor({ url, name, authorization }: EngineAddress) {
    this.name = name;
    this.#base = new URL(`${url.replace(/\/+$/, '')}/`);
    this.#authorization = authorization;
  }

  /**
   * @param path without a slash at its beginning; may hold a query
   * @returns whatever the server answered, also its refusals
   * @throws EngineLost where nobody listens or the connection breaks; EngineCancelled when the signal
   *   aborts; EngineError `engine.unreachable` (no answer in time), `engine.answer_too_large`
   */
  async call(path: string, call: Call = {}): Promise<EngineAnswer> {
    const { body, type } = await bodyOf(call);
    const headers: http.OutgoingHttpHeaders = {
      accept: '*/*',
      ...(type === undefined ? {} : { 'content-type': type, 'content-length': body.length }),
      ...(this.#authorization === undefined ? {} : { authorization: this.#authorization }),
    };
    if (call.signal?.aborted === true) throw new EngineCancelled();
    const address = new URL(path, this.#base);
    const { request } = address.protocol === 'https:' ? https : http;
    const method = call.method ?? (type === undefined ? 'GET' : 'POST');
    return new Promise((resolve, reject) => {
      const sent = request(address, { method, headers, agent: false });
      const fail = (error: unknown): void => {
        reject(this.#faultOf(error, call));
        sent.destroy();
      };
      sent.setTimeout(call.patienceMs ?? PATIENCE_MS, () => fail(new Silence()));
      sent.on('error', fail);
      sent.on('response', (response) => void collect(response, call).then(resolve, fail));
      const onAbort = (): void => fail(new EngineCancelled());
      call.signal?.addEventListener('abort', onAbort, { once: true });
      const { withinMs } = call;
      const late =
        withinMs === undefined ? undefined : setTimeout(() => fail(new Silence()), withinMs);
      sent.on('close', () => {
        clearTimeout(late);
        call.signal?.removeEventListener('abort', onAbort);
      });
      sent.end(body);
    });
  }

  #faultOf(error: unknown, { most = MOST }: Call): Error {
    if (error instanceof EngineCancelled) return error;
    const options = { cause: error };
    if (error instanceof Silence) {
      const message = `${this.name} does not answer.`;
      return new EngineError('engine.unreachable', message, options);
    }
    if (error instanceof Flood) {
      const message = `${this.name} answered with more than ${most} bytes.`;
      return new EngineError('engine.answer_too_large', message, options);
    }
    return new EngineLost(`The connection to ${this.name} failed: is it running?`, options);
  }
}

class Silence extends Error {}
class Flood extends Error {}

async function collect(
  response: http.IncomingMessage,
  { most = MOST }: Call,
): Promise<EngineAnswer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > most) throw new Flood();
    parts.push(part);
  }
  const type = response.headers['content-type'] ?? '';
  return { status: response.statusCode ?? 0, type, bytes: Buffer.concat(parts) };
}

async function bodyOf({ json, form }: Call): Promise<{ body: Buffer; type?: string }> {
  if (form !== undefined) {
    const encoded = new Response(form);
    const type = encoded.headers.get('content-type') ?? '';
    return { body: Buffer.from(await encoded.arrayBuffer()), type };
  }
  if (json === undefined) return { body: Buffer.alloc(0) };
  return { body: Buffer.from(JSON.stringify(json)), type: 'application/json' };
}
