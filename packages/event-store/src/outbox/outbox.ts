import type { MessageContext } from '@safelight/event-sourcing';

/** A public event on its way to JetStream. */
export interface OutboxMessage {
  /** The event's id; JetStream's message id too, so that publishing twice is harmless. */
  readonly id: string;
  readonly subject: string;
  /** The stream's id: consumers keep the order of one key. */
  readonly key: string;
  readonly data: unknown;
  readonly recordedAt: Date;
  readonly context: MessageContext;
}

/** `duplicate`: JetStream had the message already, and the sequence is that of then. */
export type Publication =
  | { readonly sequence: number; readonly duplicate?: boolean }
  | { readonly error: Error };

export interface OutboxStatus {
  /** When the JetStream stream was created: its identity. */
  readonly streamCreated: string;
  readonly lastSequence: number;
  /** Every durable has acknowledged everything up to here. */
  readonly settledSequence: number;
}

/** The port to the bus; the app's module joins relay and bus. */
export interface OutboxPublisher {
  /** Publishes in order; one answer per message. */
  publish(messages: readonly OutboxMessage[]): Promise<readonly Publication[]>;
  /** Also recreates a missing JetStream stream and its durables. */
  status(): Promise<OutboxStatus>;
  /** Id of the message that lies at a sequence now; `undefined` when none does. */
  idAt(sequence: number): Promise<string | undefined>;
}
