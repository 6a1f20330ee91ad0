import { context, createContextKey, type Context } from '@opentelemetry/api';
import type { MessageContext } from '@safelight/event-sourcing';

/** What a handler gets as its second argument, for requests and events alike. */
export interface Delivery {
  /** Id of the request, or of the event: the same at every delivery. */
  readonly messageId: string;
  /** Events: the stream id, within which order is kept. Requests: the correlation id. */
  readonly key: string;
  readonly subject: string;
  /**
   * For everything that handling this message causes: the conversation goes on, this message is the
   * cause, and the handling span is where it was born. Pass it on as it is.
   */
  readonly context: MessageContext;
  /** Events: when the fact was recorded, ISO 8601. */
  readonly recordedAt?: string;
  /** Deliveries so far, this one included; always 1 for requests. */
  readonly attempt: number;
}

const CONTEXT = createContextKey('safelight.message-context');

export const withMessageContext = (base: Context, message: MessageContext): Context =>
  base.setValue(CONTEXT, message);

/** The `context` of the delivery that is being handled at this point, across awaits. */
export function currentMessageContext(): MessageContext | undefined {
  return context.active().getValue(CONTEXT) as MessageContext | undefined;
}
