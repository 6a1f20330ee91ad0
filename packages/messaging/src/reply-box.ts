import { createInbox, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import type { BusConnection } from './bus.js';
import { Unavailable } from './unavailable.js';

/** One message that waits for replies. */
export interface Parcel {
  readonly subject: string;
  readonly headers?: MsgHdrs;
  /** How long the replies may take, in milliseconds. */
  readonly timeoutMs: number;
  /** The body, worked out when the message leaves. */
  data(): string;
  /** Takes a reply, and says whether there are more to come. */
  receive(reply: Msg): boolean;
  /**
   * No more will come: nobody listens, not everything was answered in time, or the connection was
   * lost meanwhile, and the answers with it.
   */
  fail(error: Unavailable): void;
}

interface Waiting {
  readonly parcel: Parcel;
  readonly timer: NodeJS.Timeout;
}

const NO_RESPONDERS = 503;

/**
 * One subscription for all replies to this process, instead of the client library's own: that one
 * makes an error object for every reply and costs half of the requests that a core could ask.
 */
export class ReplyBox {
  private readonly inbox = createInbox();
  private readonly waiting = new Map<string, Waiting>();
  private posted = 0;

  constructor(private readonly bus: BusConnection) {
    bus.nc.subscribe(`${this.inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.receive(message);
      },
    });
    bus.onStatus((status) => {
      if (status === 'disconnect') this.giveUpAll();
      else for (const [token, { parcel }] of this.waiting) this.send(token, parcel);
    });
  }

  /** What is posted while there is no connection is sent with the next one, if that is in time. */
  post(parcel: Parcel): void {
    this.posted += 1;
    const token = this.posted.toString(36);
    const timer = setTimeout(() => this.timeOut(token), parcel.timeoutMs);
    this.waiting.set(token, { parcel, timer });
    if (this.bus.connected) this.send(token, parcel);
  }

  /**
   * A process that was busy beyond the deadline runs its timers first, and only then reads what came
   * meanwhile: an answer that was in time is not to be thrown away for that.
   */
  private timeOut(token: string): void {
    setImmediate(() => this.lose(token, 'service.timeout'));
  }

  private send(token: string, parcel: Parcel): void {
    const { subject, headers } = parcel;
    const reply = `${this.inbox}.${token}`;
    const options = headers === undefined ? { reply } : { reply, headers };
    this.bus.publish({ subject, data: () => parcel.data(), options }, (cause) => {
      this.lose(token, 'service.unavailable', { cause });
    });
  }

  private giveUpAll(): void {
    for (const token of [...this.waiting.keys()]) this.lose(token, 'service.unavailable');
  }

  private receive(message: Msg): void {
    const token = message.subject.slice(this.inbox.length + 1);
    const parcel = this.waiting.get(token)?.parcel;
    // A reply that comes too late has nobody waiting for it.
    if (parcel === undefined) return;
    if (message.data.length === 0 && message.headers?.code === NO_RESPONDERS) {
      this.lose(token, 'service.unavailable');
    } else if (!parcel.receive(message)) this.take(token);
  }

  private lose(token: string, code: Unavailable['code'], options?: ErrorOptions): void {
    const parcel = this.take(token);
    parcel?.fail(new Unavailable(code, parcel.subject, options));
  }

  private take(token: string): Parcel | undefined {
    const waiting = this.waiting.get(token);
    this.waiting.delete(token);
    clearTimeout(waiting?.timer);
    return waiting?.parcel;
  }
}
