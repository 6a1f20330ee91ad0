import type { NatsConnection, PublishOptions } from '@nats-io/transport-node';

export interface Outgoing {
  readonly subject: string;
  /** The body, or what makes it when the message leaves: until then more may be put into it. */
  readonly data: string | Uint8Array | (() => string);
  readonly options?: PublishOptions;
}

/** Hears of a message that could not be sent. */
export type Refused = (error: unknown) => void;

/** What is published in one turn of the event loop, in order. */
export class OutgoingMail {
  private waiting: { readonly message: Outgoing; readonly refused: Refused }[] = [];

  constructor(private readonly nc: NatsConnection) {}

  add(message: Outgoing, refused: Refused): void {
    this.waiting.push({ message, refused });
    if (this.waiting.length === 1) setImmediate(() => this.send());
  }

  send(): void {
    const batch = this.waiting;
    this.waiting = [];
    for (const { message, refused } of batch) {
      const { subject, data, options } = message;
      try {
        this.nc.publish(subject, typeof data === 'function' ? data() : data, options);
      } catch (error) {
        refused(error);
      }
    }
  }
}
