import { createInbox, nanos, type Msg, type Subscription } from '@nats-io/transport-node';
import { finishSubscription, type BusConnection } from './bus.js';

export interface PullOptions {
  stream: string;
  durable: string;
  /** Messages that this process may still take, at this moment. */
  capacity: () => number;
  /** Called for every message, in order. */
  onMessage: (message: Msg) => void;
}

const EXPIRES_MS = 10_000;
const HEARTBEAT_MS = 1_000;
/** The server promises a sign of life every second while a pull waits. */
const SILENCE_MS = 4 * HEARTBEAT_MS;
/** Small pulls cost as much as large ones. */
const PULL_MIN = 16;

/**
 * Pulls for one durable until something breaks: the connection, the durable, the server's heartbeat.
 * It asks for exactly as many messages as there is room for, so no process hoards what others could
 * work on. Whoever opened it makes everything right again and opens another.
 */
export class PullSession {
  /** Settles with the reason when the session is over. */
  readonly ended: Promise<string>;
  private readonly inbox = createInbox();
  private readonly subscription: Subscription;
  private readonly watchdog: NodeJS.Timeout;
  private readonly forgetStatus: () => void;
  private readonly end: (reason: string) => void;
  private asked = 0;
  private lastSignMs = performance.now();
  private state: 'pulling' | 'finished' | 'broken' = 'pulling';

  constructor(
    private readonly bus: BusConnection,
    private readonly options: PullOptions,
  ) {
    let end: (reason: string) => void = () => undefined;
    this.ended = new Promise<string>((resolve) => (end = resolve));
    this.end = end;
    this.forgetStatus = bus.onStatus((status) => this.abandon(status));
    this.subscription = bus.nc.subscribe(this.inbox, {
      callback: (error, message) => {
        if (error === null) this.receive(message);
        else this.abandon(error.message);
      },
    });
    this.watchdog = setInterval(() => this.checkSign(), HEARTBEAT_MS);
    this.refill();
  }

  /** Messages may be settled while this holds: also after `finish`, not after a break. */
  get isLive(): boolean {
    return this.state !== 'broken';
  }

  /** Asks for more when there is room worth asking for. */
  refill(): void {
    if (this.state !== 'pulling') return;
    const room = this.options.capacity() - this.asked;
    if (room <= 0 || (this.asked > 0 && room < PULL_MIN)) return;
    const { stream, durable } = this.options;
    const request = {
      batch: room,
      expires: nanos(EXPIRES_MS),
      idle_heartbeat: nanos(HEARTBEAT_MS),
    };
    if (this.asked === 0) this.lastSignMs = performance.now();
    this.asked += room;
    const subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`;
    const data = JSON.stringify(request);
    this.bus.publish({ subject, data, options: { reply: this.inbox } }, (error) => {
      this.abandon(String(error));
    });
  }

  /** Asks for no more; resolves once everything the server had sent by then has been received. */
  async finish(): Promise<void> {
    if (this.state !== 'pulling' || this.bus.nc.isClosed()) return;
    this.state = 'finished';
    clearInterval(this.watchdog);
    await finishSubscription(this.bus, this.subscription);
    this.end('finished');
  }

  /** Lets go of everything; nothing may be settled any more. */
  dispose(): void {
    this.abandon('disposed');
  }

  private receive(message: Msg): void {
    if (this.state === 'broken') return;
    this.lastSignMs = performance.now();
    if (message.subject === this.inbox) {
      this.receiveStatus(message);
      return;
    }
    this.asked = Math.max(0, this.asked - 1);
    this.options.onMessage(message);
    this.refill();
  }

  /** 100 heartbeat, 408 expired, 409 something changed, 404 nothing there, 503 no JetStream. */
  private receiveStatus(message: Msg): void {
    const { code = 0, description = '' } = message.headers ?? {};
    if (code === 100) return;
    const left = Number(message.headers?.get('Nats-Pending-Messages') ?? 0);
    const pullEnded = code === 408 || /batch completed|max ?ack ?pending/i.test(description);
    if (!pullEnded) {
      // After `finish` the server says that nobody listens to its pulls any more: true and harmless.
      if (this.state === 'pulling') this.abandon(`${code} ${description}`);
      return;
    }
    this.asked = Math.max(0, this.asked - left);
    this.refill();
  }

  private checkSign(): void {
    if (this.asked > 0 && performance.now() - this.lastSignMs > SILENCE_MS) {
      this.abandon('the server is silent');
    }
  }

  private abandon(reason: string): void {
    if (this.state === 'broken') return;
    this.state = 'broken';
    clearInterval(this.watchdog);
    this.forgetStatus();
    if (!this.subscription.isClosed()) this.subscription.unsubscribe();
    this.end(reason);
  }
}
