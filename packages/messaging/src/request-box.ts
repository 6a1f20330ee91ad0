import type { BusConnection } from './bus.js';
import { ReplyBox } from './reply-box.js';
import { RequestBundle } from './request-bundle.js';
import type { Reply } from './wire.js';

/** Sends requests: those to one subject from one turn of the event loop as one message. */
export class RequestBox {
  private readonly replies: ReplyBox;
  /** By subject, those that have not left yet. */
  private readonly open = new Map<string, RequestBundle>();

  constructor(private readonly bus: BusConnection) {
    this.replies = new ReplyBox(bus);
  }

  /**
   * Asks with a `WireRequest` in JSON. Requests to one subject keep their order.
   * @throws Unavailable when nobody listens, nobody answered within `timeoutMs`, or the connection
   * was lost meanwhile, and the answer with it.
   * @throws AnswerFault when what came back is no reply.
   */
  ask(subject: string, id: string, request: string, timeoutMs: number): Promise<Reply> {
    const open = this.open.get(subject);
    const bundle = open?.takes(request.length, timeoutMs) ? open : this.begin(subject, timeoutMs);
    return bundle.add(id, request);
  }

  private begin(subject: string, timeoutMs: number): RequestBundle {
    const bundle = new RequestBundle(subject, timeoutMs, (sealed) => {
      if (this.open.get(subject) === sealed) this.open.delete(subject);
    });
    // What waits for a connection leaves much later: nothing may join it and share its timer.
    if (this.bus.connected) this.open.set(subject, bundle);
    this.replies.post(bundle);
    return bundle;
  }
}
