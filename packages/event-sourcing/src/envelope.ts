/** Where a message comes from; copied from message to message so that a story can be told. */
export interface MessageContext {
  /** Id of the whole conversation: the job's id for everything a job causes. */
  readonly correlationId: string;
  /** Id of the message that directly caused this one. */
  readonly causationId: string;
  /** W3C trace context of the span in which the message was born. */
  readonly traceparent?: string | undefined;
}

/** An event as a decider made it: a past-tense name and its data. */
export interface DomainEvent {
  readonly type: string;
}

/** An event as the event store keeps it, for ever. */
export interface RecordedEvent<Event extends DomainEvent = DomainEvent> {
  /** UUIDv7. */
  readonly eventId: string;
  readonly streamId: string;
  /** 1 for the first event of the stream. */
  readonly version: number;
  /** Global position; meaningful as a cursor only together with `transactionId`. */
  readonly position: bigint;
  /** `xid8` of the writing database transaction. */
  readonly transactionId: bigint;
  readonly commandId: string;
  readonly schemaVersion: number;
  readonly recordedAt: Date;
  readonly context: MessageContext;
  /** The event itself, `type` included. */
  readonly event: Event;
}
