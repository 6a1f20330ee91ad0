import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:http';

/** A request as it goes over the wire: nothing is tidied up on the way, as `fetch` would. */
export interface RawRequest {
  readonly method: string;
  /** Path and query, sent as they are. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | undefined;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const DEADLINE_MS = 15_000;

/** One server, over connections that stay open. */
export class Wire {
  private readonly agent: Agent;

  constructor(
    private readonly url: string,
    connections = 16,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /**
   * Sends and reads to the end; of an event stream only the head, then hangs up.
   *
   * @throws Error when the connection breaks or nothing comes for 15 s
   */
  send({ method, target, headers, body }: RawRequest): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(this.url);
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const call = request(
        {
          hostname,
          port,
          method,
          path: target,
          agent: this.agent,
          headers: { ...length, ...headers },
        },
        (answer) => {
          const status = answer.statusCode ?? 0;
          const parts: Buffer[] = [];
          const end = () =>
            resolve({ status, headers: answer.headers, text: Buffer.concat(parts).toString() });
          if (answer.headers['content-type']?.startsWith('text/event-stream') === true) {
            end();
            answer.destroy();
            return;
          }
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('end', end);
          answer.on('error', reject);
        },
      );
      call.setTimeout(DEADLINE_MS, () => call.destroy(new Error('no answer in time')));
      call.on('error', reject);
      call.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
