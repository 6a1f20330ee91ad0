import { createInbox, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import type { BusConnection } from './bus.js';
import { Unavailable } from './unavailable.js';

interface Waiting {
  readonly subject: string;
  readonly body: string;
  readonly headers: MsgHdrs;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (reply: Msg) => void;
  readonly reject: (error: Unavailable) => void;
}

const NO_RESPONDERS = 503;

/**
 * One subscription for all replies to this process, instead of the client library's own: that one
 * makes an error object for every reply and costs half of the requests that a core could ask.
 */
export class ReplyBox {
  private readonly inbox = createInbox();
  private readonly waiting = new Map<string, Waiting>();
  private asked = 0;

  constructor(private readonly bus: BusConnection) {
    bus.nc.subscribe(`${this.inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.receive(message);
      },
    });
    bus.onStatus((status) => {
      if (status === 'disconnect') this.giveUpAll();
      else for (const [token, waiting] of this.waiting) this.send(token, waiting);
    });
  }

  /**
   * What is asked while there is no connection is sent with the next one, if that comes in time.
   * @throws Unavailable when nobody listens, nobody answered within `timeoutMs`, or the connection
   * was lost meanwhile, and the answer with it.
   */
  ask(subject: string, body: string, headers: MsgHdrs, timeoutMs: number): Promise<Msg> {
    this.asked += 1;
    const token = this.asked.toString(36);
    return new Promise<Msg>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.take(token)?.reject(new Unavailable('service.timeout', subject));
      }, timeoutMs);
      const waiting = { subject, body, headers, timer, resolve, reject };
      this.waiting.set(token, waiting);
      if (this.bus.connected) this.send(token, waiting);
    });
  }

  private send(token: string, { subject, body, headers }: Waiting): void {
    const options = { headers, reply: `${this.inbox}.${token}` };
    this.bus.publish({ subject, data: body, options }, (cause) => {
      this.take(token)?.reject(new Unavailable('service.unavailable', subject, { cause }));
    });
  }

  private giveUpAll(): void {
    for (const [token, { subject }] of this.waiting) {
      this.take(token)?.reject(new Unavailable('service.unavailable', subject));
    }
  }

  private receive(message: Msg): void {
    const waiting = this.take(message.subject.slice(this.inbox.length + 1));
    // A reply that comes too late has nobody waiting for it.
    if (waiting === undefined) return;
    if (message.data.length === 0 && message.headers?.code === NO_RESPONDERS) {
      waiting.reject(new Unavailable('service.unavailable', waiting.subject));
    } else waiting.resolve(message);
  }

  private take(token: string): Waiting | undefined {
    const waiting = this.waiting.get(token);
    if (waiting !== undefined) {
      this.waiting.delete(token);
      clearTimeout(waiting.timer);
    }
    return waiting;
  }
}
