import type { PubAck } from '@nats-io/jetstream';
import { headers, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import type { MessageContext } from '@safelight/event-sourcing';
import type { JsonWriter } from './json-writer.js';
import type { Parcel } from './reply-box.js';
import { jsonIn, NATS_MESSAGE_ID, type WireEvent } from './wire.js';

/** An event on its way out; the shape of the event store's `OutboxMessage`. */
export interface OutgoingEvent {
  /** Event id: becomes the JetStream message id. */
  readonly id: string;
  readonly subject: string;
  /** Stream id: consumers keep order per key. */
  readonly key: string;
  readonly data: unknown;
  readonly recordedAt: Date;
  readonly context: MessageContext;
}

/**
 * What became of one event: its place in the JetStream stream, or why it has none. `duplicate`:
 * JetStream had it already, and the place is that of then.
 */
export type PublishOutcome =
  | { readonly sequence: number; readonly duplicate?: true }
  | { readonly error: Error };

const ACK_TIMEOUT_MS = 5_000;

/** One event, from its publishing until JetStream has said that it holds it. */
export class Publication implements Parcel {
  readonly timeoutMs = ACK_TIMEOUT_MS;
  readonly headers: MsgHdrs = headers();

  constructor(
    private readonly event: OutgoingEvent,
    private readonly json: JsonWriter,
    private readonly done: (outcome: PublishOutcome) => void,
  ) {
    this.headers.append(NATS_MESSAGE_ID, event.id);
  }

  get subject(): string {
    return this.event.subject;
  }

  data(): string {
    const { id, key, recordedAt, context, data } = this.event;
    const { correlationId, causationId, traceparent } = context;
    return this.json.write({
      ...{ id, key, recordedAt: recordedAt.toISOString(), correlationId, causationId },
      ...{ traceparent, data },
    } satisfies WireEvent);
  }

  receive(reply: Msg): boolean {
    const ack = jsonIn(reply) as
      | (Partial<PubAck> & { error?: { description: string } })
      | undefined;
    if (ack?.seq === undefined) {
      this.fail(new Error(ack?.error?.description ?? 'not acknowledged'));
    } else {
      const { seq: sequence } = ack;
      this.done(ack.duplicate === true ? { sequence, duplicate: true } : { sequence });
    }
    return false;
  }

  fail(error: Error): void {
    this.done({ error });
  }
}
