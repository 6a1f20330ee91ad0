import type { BusConnection } from './bus.js';
import type { Outgoing, Refused } from './outgoing-mail.js';
import { BUNDLE_CHARS_MAX } from './request-bundle.js';

/** The replies to the requests of one message: those of one turn of the event loop travel as one. */
export class ReplyBundle {
  /** What has not left yet, in JSON without brackets. */
  private open: { text: string } | undefined;

  constructor(
    private readonly bus: BusConnection,
    /** Empty when nobody waits for an answer. */
    private readonly subject: string,
    private readonly refused: Refused,
  ) {}

  /** Adds a `WireReply` in JSON. */
  add(reply: string): void {
    if (this.open !== undefined && this.open.text.length + reply.length <= BUNDLE_CHARS_MAX) {
      this.open.text += `,${reply}`;
      return;
    }
    const leaving = { text: reply };
    this.open = leaving;
    this.send(() => {
      if (this.open === leaving) this.open = undefined;
      return `[${leaving.text}]`;
    });
  }

  /** Answers all the requests at once, with a `Reply` in JSON. */
  addForAll(reply: string): void {
    this.send(reply);
  }

  private send(data: Outgoing['data']): void {
    if (this.subject !== '') this.bus.publish({ subject: this.subject, data }, this.refused);
  }
}
