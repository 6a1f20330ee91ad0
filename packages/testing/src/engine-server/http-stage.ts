import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request, read whole. */
export interface Told {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Reply {
  readonly status?: number;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly type?: string;
}

/** How an answer goes wrong: with a status of its own, or by what comes instead of it. */
export type Upset =
  | { readonly status: number; readonly json?: unknown }
  | 'garbage'
  | 'hang-up'
  | 'silence'
  | { readonly flood: number };

/** What test servers of engines share: real HTTP, a record of what was asked, and faults on request. */
export class HttpStage {
  readonly requests: Told[] = [];
  /** By method and path; each is used once. */
  readonly #upsets = new Map<string, Upset[]>();
  #port = 0;
  #server: http.Server | undefined;

  constructor(private readonly answer: (told: Told) => Promise<Reply | undefined>) {}

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Of a server that was stopped: again at the same address. */
  async start(): Promise<void> {
    this.#server = http.createServer((request, response) => void this.#serve(request, response));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Breaks every connection. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (!server?.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  /** The next answers to `on` (`GET /path`) go wrong. */
  upset(on: string, ...upsets: Upset[]): void {
    this.#upsets.set(on, [...(this.#upsets.get(on) ?? []), ...upsets]);
  }

  /** What was asked at this route, such as `POST /path`. */
  told(on: string): Told[] {
    return this.requests.filter(({ method, path }) => `${method} ${path}` === on);
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method = '', headers } = request;
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://localhost');
    // A caller that goes away in the middle of its own request said nothing.
    const body = await buffer(request).catch(() => undefined);
    if (!body) return;
    const told = { method, path, query, headers, body };
    this.requests.push(told);
    const upset = this.#upsets.get(`${method} ${path}`)?.shift();
    if (upset === 'silence') return;
    if (upset === 'hang-up') {
      request.socket.destroy();
      return;
    }
    const reply = upset === undefined ? await this.#reply(told) : replyOf(upset);
    if (response.destroyed) return;
    const { status = 200, json, bytes, type } = reply;
    response.writeHead(status, { 'content-type': type ?? 'application/json' });
    response.end(bytes ?? JSON.stringify(json));
  }

  async #reply(told: Told): Promise<Reply> {
    try {
      return (await this.answer(told)) ?? { status: 404, json: { detail: 'Not Found' } };
    } catch (error) {
      return { status: 500, json: { error: 'Exception', detail: '', errors: String(error) } };
    }
  }
}

function replyOf(upset: Exclude<Upset, 'silence' | 'hang-up'>): Reply {
  if (upset === 'garbage') return { bytes: Buffer.from('<html>Bad gateway'), type: 'text/html' };
  if ('flood' in upset) return { bytes: Buffer.alloc(upset.flood, 0x20) };
  return { status: upset.status, json: upset.json ?? { detail: 'as the test asked' } };
}

export const jsonOf = ({ body }: Told): Record<string, unknown> =>
  JSON.parse(body.toString('utf8')) as Record<string, unknown>;

export async function formOf({ body, headers }: Told): Promise<FormData> {
  const type = headers['content-type'] ?? '';
  const sent = new Response(new Uint8Array(body), { headers: { 'content-type': type } });
  // A test's own small uploads: the warning is about hostile ones.
  // oxlint-disable-next-line typescript/no-deprecated
  return sent.formData();
}
