import {
  connect,
  type NatsConnection,
  type NodeConnectionOptions,
  type Subscription,
} from '@nats-io/transport-node';
import type { Telemetry } from '@safelight/telemetry';
import { setTimeout as pause } from 'node:timers/promises';
import { OutgoingMail, type Outgoing, type Refused } from './outgoing-mail.js';

export type BusStatus = 'disconnect' | 'reconnect';

/** One connection to NATS, shared by everything in a service that talks over the bus. */
export interface BusConnection {
  readonly nc: NatsConnection;
  /** While this is false, whatever is published is thrown away by the client library. */
  readonly connected: boolean;
  /** Resolves at once, or with the next connection. */
  whenConnected(): Promise<void>;
  /** Calls back when the connection is lost and when it is there again. Returns the undoing. */
  onStatus(listener: (status: BusStatus) => void): () => void;
  /**
   * Publishes together with all that is published in this turn of the event loop: one write to the
   * socket, one wake-up of the server. `refused` hears of a message that could not be sent.
   */
  publish(message: Outgoing, refused?: Refused): void;
  /** Sends what waits for the end of this turn now. */
  sendNow(): void;
  /** Sends what is buffered, then lets go. */
  close(): Promise<void>;
}

export interface BusOptions {
  /** One address or several, with commas between: `nats://user:password@host:4222`. */
  url: string;
  /** How the connection is called in the server's monitoring. */
  name: string;
  logger: Telemetry['logger'];
  /**
   * Use one connection for all services of this process that say so: what they send in one turn of
   * the event loop then leaves in one write.
   */
  shared?: boolean;
  /** How long the first connection may take, in milliseconds. */
  connectDeadlineMs?: number;
}

/** Filters over several subjects per durable came with this version. */
const SERVER_MIN = [2, 10] as const;

/**
 * Connects, and stays connected: a lost connection is tried again for ever.
 * @throws Error when no server answers before the deadline, or when it is too old.
 */
export async function connectBus(options: BusOptions): Promise<BusConnection> {
  const link = options.shared === true ? await sharedLink(options) : await ownLink(options);
  const bus = new ReconnectingBus(link);
  void bus.watch(options.logger);
  return bus;
}

class ReconnectingBus implements BusConnection {
  connected = true;
  private readonly listeners = new Set<(status: BusStatus) => void>();

  constructor(private readonly link: Link) {}

  get nc(): NatsConnection {
    return this.link.nc;
  }

  publish(message: Outgoing, refused: Refused = () => undefined): void {
    this.link.mail.add(message, refused);
  }

  sendNow(): void {
    this.link.mail.send();
  }

  onStatus(listener: (status: BusStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async whenConnected(): Promise<void> {
    if (this.connected) return;
    await new Promise<void>((resolve) => {
      const forget = this.onStatus((status) => {
        if (status !== 'reconnect') return;
        forget();
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.sendNow();
    if (this.nc.isClosed() || this.nc.isDraining() || !this.link.letGo()) return;
    // Draining waits for a server that is not there.
    await (this.connected ? this.nc.drain() : this.nc.close());
  }

  async watch(logger: Telemetry['logger']): Promise<void> {
    for await (const status of this.nc.status()) {
      if (status.type === 'disconnect' || status.type === 'reconnect') {
        this.connected = status.type === 'reconnect';
        logger.warn({ server: status.server }, `NATS: ${status.type}`);
        for (const listener of [...this.listeners]) listener(status.type);
      } else if (status.type === 'error') {
        logger.warn({ err: status.error }, 'NATS: error');
      }
    }
  }
}

/** A connection with those who use it. */
interface Link {
  readonly nc: NatsConnection;
  readonly mail: OutgoingMail;
  /** Whether the last user has now left. */
  readonly letGo: () => boolean;
}

async function ownLink(options: BusOptions): Promise<Link> {
  const nc = await firstConnection(options);
  return { nc, mail: new OutgoingMail(nc), letGo: () => true };
}

const sharedLinks = new Map<string, { readonly link: Promise<Link>; users: number }>();

/** The process's one connection to this address, opened by whoever comes first. */
async function sharedLink(options: BusOptions): Promise<Link> {
  const { url } = options;
  const known = sharedLinks.get(url) ?? { link: ownLink(options), users: 0 };
  sharedLinks.set(url, known);
  known.users += 1;
  const leave = () => {
    known.users -= 1;
    if (known.users === 0) sharedLinks.delete(url);
    return known.users === 0;
  };
  try {
    const { nc, mail } = await known.link;
    return { nc, mail, letGo: leave };
  } catch (error) {
    leave();
    throw error;
  }
}

async function firstConnection(options: BusOptions): Promise<NatsConnection> {
  const deadline = Date.now() + (options.connectDeadlineMs ?? 30_000);
  for (;;) {
    try {
      const nc = await connect(connectionOptions(options));
      await requireVersion(nc);
      return nc;
    } catch (error) {
      if (error instanceof ServerTooOld || Date.now() >= deadline) throw error;
      options.logger.debug({ err: error }, 'NATS does not answer yet');
      await pause(200);
    }
  }
}

function connectionOptions({ url, name }: BusOptions): NodeConnectionOptions {
  const addresses = url.split(',').map((address) => new URL(address.trim()));
  const { username, password } = addresses[0] ?? {};
  return {
    servers: addresses.map((address) => `${address.hostname}:${address.port || '4222'}`),
    name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    timeout: 5_000,
    pingInterval: 20_000,
    // A stack per request costs more than the request.
    noAsyncTraces: true,
    ...(addresses.some((address) => address.protocol === 'tls:') && { tls: {} }),
    ...(username !== undefined &&
      username !== '' && {
        user: decodeURIComponent(username),
        pass: decodeURIComponent(password ?? ''),
      }),
  };
}

class ServerTooOld extends Error {}

async function requireVersion(nc: NatsConnection): Promise<void> {
  const version = nc.info?.version ?? '0.0.0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > SERVER_MIN[0] || (major === SERVER_MIN[0] && minor >= SERVER_MIN[1])) return;
  await nc.close();
  throw new ServerTooOld(`nats-server ${version} is too old; ${SERVER_MIN.join('.')} is needed`);
}

/** Waits until the server has what was published so far; does not wait for a lost server. */
export async function flush(bus: BusConnection): Promise<void> {
  bus.sendNow();
  if (!bus.connected || bus.nc.isClosed()) return;
  await bus.nc.flush().catch(() => undefined);
}

/** Ends a subscription after everything that was under way has been received. */
export async function finishSubscription(
  bus: BusConnection,
  subscription: Subscription,
): Promise<void> {
  bus.sendNow();
  if (bus.nc.isClosed() || subscription.isClosed()) return;
  if (bus.connected) await subscription.drain().catch(() => undefined);
  else subscription.unsubscribe();
}
