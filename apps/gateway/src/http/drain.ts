import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

export interface DrainOptions {
  /** How long requests are still taken after readiness went down, in milliseconds. */
  readonly noticeMs: number;
  /** After this time whatever is still open is cut, in milliseconds from the beginning. */
  readonly limitMs: number;
}

/** What has to end. */
export interface Ending {
  readonly server: Server;
  /** Ends what would go on for long by itself: streams and waits. */
  readonly farewell: () => void;
  /** Stops listening; resolves when no connection is left. */
  readonly close: () => Promise<unknown>;
}

const SWEEP_EVERY_MS = 25;

/**
 * How a gateway goes away without breaking an answer: readiness goes down first and answers ask
 * clients to open their next connection elsewhere; then nothing new is taken, streams and waits are
 * told to go on at another gateway, and requests under way are finished.
 */
export class Drain {
  private state: 'starting' | 'accepting' | 'draining' = 'starting';

  constructor(private readonly options: DrainOptions) {}

  get accepting(): boolean {
    return this.state === 'accepting';
  }

  /** From now on requests are taken. */
  open(): void {
    this.state = 'accepting';
  }

  /** Ready for more requests? @throws Error when not */
  check = async (): Promise<void> => {
    if (!this.accepting) throw new Error(`the gateway is ${this.state}`);
  };

  /** Every answer that begins while draining is the last one on its connection. */
  install(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (_, reply, payload, done) => {
      if (this.state === 'draining') void reply.header('connection', 'close');
      done(null, payload);
    });
  }

  async run({ server, farewell, close }: Ending): Promise<void> {
    this.state = 'draining';
    const cut = setTimeout(() => server.closeAllConnections(), this.options.limitMs);
    let sweep: NodeJS.Timeout | undefined;
    try {
      await sleep(this.options.noticeMs);
      farewell();
      // A connection whose answer began before the end was announced is idle once it has it.
      sweep = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY_MS);
      await close();
    } finally {
      clearInterval(sweep);
      clearTimeout(cut);
    }
  }
}
