import { SpanKind } from '@opentelemetry/api';
import type { PublicEvent } from '@safelight/contracts';
import { recordFailure } from '@safelight/telemetry';
import { resultOf, type Handler, type Surroundings } from './handler.js';
import { messageIdOf, type Incoming } from './incoming.js';
import { openScope } from './scope.js';
import { Unavailable } from './unavailable.js';
import { eventIn, faultOf, type WireEvent } from './wire.js';

/** What a delivery came to. */
export type Verdict =
  | { readonly outcome: 'ok' }
  | { readonly outcome: 'failed'; readonly error: unknown }
  /** The database or a neighbour is away: nothing is wrong with the message. */
  | { readonly outcome: 'unavailable' }
  /** No later try can do better. */
  | { readonly outcome: 'unusable'; readonly reason: string };

export interface EventHandler {
  readonly event: PublicEvent;
  readonly handler: Handler;
}

const OK: Verdict = { outcome: 'ok' };

/** Reads one delivered event and runs its handler, under a span of its own. Never rejects. */
export class EventHandling {
  constructor(
    private readonly on: Surroundings,
    private readonly handlers: ReadonlyMap<string, EventHandler>,
  ) {}

  /** The event within, or why there is none. */
  read(incoming: Incoming): { event: WireEvent } | { unusable: string } {
    const event = eventIn(incoming.message);
    if (event === undefined) return { unusable: 'message.invalid: not an event in JSON' };
    const handler = this.handlers.get(incoming.message.subject);
    if (handler === undefined) return { unusable: 'message.unknown: no handler' };
    const parsed = handler.event.data.safeParse(event.data);
    if (parsed.success) return { event: { ...event, data: parsed.data } };
    const { pointer, message } = faultOf(parsed.error);
    return { unusable: `message.invalid: ${pointer} ${message}` };
  }

  async handle(incoming: Incoming, event: WireEvent): Promise<Verdict> {
    const { message } = incoming;
    const { subject } = message;
    const handler = this.handlers.get(subject);
    if (handler === undefined) return { outcome: 'unusable', reason: 'message.unknown' };
    const messageId = event.id || messageIdOf(incoming);
    const scope = openScope(this.on.telemetry.tracer, {
      spanName: `process ${subject}`,
      kind: SpanKind.CONSUMER,
      subject,
      messageId,
      correlationId: event.correlationId ?? event.key,
      traceparent: event.traceparent,
    });
    const delivery = {
      messageId,
      key: event.key,
      subject,
      context: scope.message,
      recordedAt: event.recordedAt,
      attempt: incoming.deliveries,
    };
    try {
      await scope.run(() => resultOf(handler.handler(event.data, delivery)));
      return OK;
    } catch (error) {
      recordFailure(scope.span, error);
      const fields = { err: error, subject, messageId, attempt: incoming.deliveries };
      scope.run(() => this.on.telemetry.logger.warn(fields, 'an event could not be handled'));
      if (error instanceof Unavailable || this.on.isUnavailable(error)) {
        return { outcome: 'unavailable' };
      }
      return { outcome: 'failed', error };
    } finally {
      scope.span.end();
    }
  }
}
