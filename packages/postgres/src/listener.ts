import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/**
 * How long after a lost connection the next is tried, in milliseconds: twice as long each time. Short,
 * because whoever must not miss anything stands still until then.
 */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 400;
const CONNECT_PATIENCE_MS = 5_000;
/** A server that vanished is found out in some fifteen seconds: Node asks ten times, each second. */
const KEEPALIVE_AFTER_MS = 5_000;

export interface ListenerOptions {
  readonly url: string;
  /** Shows in `pg_stat_activity`. */
  readonly applicationName: string;
  /** A word of our own, never from outside. */
  readonly channel: string;
  /** Something was told on the channel; or we listen (again), and may have missed it. */
  readonly onNews: () => void;
  /** Nothing is heard until `onNews` is called again. */
  readonly onDeaf: (error: Error) => void;
}

/**
 * Listens on a channel of PostgreSQL (NOTIFY), on a connection of its own for as long as it lives: it
 * connects again whenever that is lost, and says so. The listener has to be told the truth by the
 * tables: a notice is no more than a reason to look.
 */
export class Listener {
  private client: pg.Client | undefined;
  private readonly closing = new AbortController();
  private running: Promise<void> | undefined;

  private constructor(private readonly options: ListenerOptions) {}

  /** Resolves when the first attempt is over, whether it listens then or not. */
  static async start(options: ListenerOptions): Promise<Listener> {
    const listener = new Listener(options);
    await new Promise<void>((tried) => {
      listener.running = listener.run(tried);
    });
    return listener;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.client?.end().catch(() => undefined);
    await this.running;
  }

  private async run(tried: () => void): Promise<void> {
    for (let wait = FIRST_PAUSE_MS; !this.isClosed(); wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
      try {
        await this.listen(() => {
          wait = FIRST_PAUSE_MS;
          this.options.onNews();
          tried();
        });
      } catch (error) {
        if (!this.isClosed()) this.options.onDeaf(error as Error);
        tried();
      }
      await pause(wait, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
  }

  /** Until the connection is lost; rejects then. */
  private async listen(connected: () => void): Promise<void> {
    const { url, applicationName, channel, onNews } = this.options;
    const client = new pg.Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: CONNECT_PATIENCE_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEPALIVE_AFTER_MS,
    });
    this.client = client;
    const lost = new Promise<never>((_, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('the connection to PostgreSQL ended')));
    });
    // Heard of below, but perhaps not at once.
    lost.catch(() => undefined);
    client.on('notification', onNews);
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
      connected();
      await lost;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private isClosed(): boolean {
    return this.closing.signal.aborted;
  }
}
