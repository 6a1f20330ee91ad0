import {
  context,
  type SpanKind,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { MessageContext } from '@safelight/event-sourcing';
import { contextFrom, traceparentOf, withLogFields } from '@safelight/telemetry';
import { withMessageContext } from './delivery.js';

/** What is known of an arriving message before anybody looks into it. */
export interface Arrival {
  readonly spanName: string;
  readonly kind: SpanKind.SERVER | SpanKind.CONSUMER;
  readonly subject: string;
  readonly messageId: string;
  readonly correlationId: string;
  readonly traceparent: string | undefined;
}

/** The surroundings in which one message is handled. */
export interface Scope {
  readonly span: Span;
  /** Context of what the handling causes. */
  readonly message: MessageContext;
  /** Runs a function with span, message context and log fields active. */
  run<T>(handle: () => T): T;
}

/** Starts the span of one arriving message, as a child of the one it was sent from. */
export function openScope(tracer: Tracer, arrival: Arrival): Scope {
  const { spanName, kind, subject, messageId, correlationId } = arrival;
  const parent = contextFrom(arrival.traceparent);
  const span = tracer.startSpan(spanName, { kind }, parent);
  if (span.isRecording()) span.setAttributes(attributesOf(subject, messageId, arrival));
  const message: MessageContext = {
    correlationId,
    causationId: messageId,
    traceparent: traceparentOf(span),
  };
  const active = withMessageContext(trace.setSpan(parent, span), message);
  const jobId = jobIdOf(correlationId);
  return { span, message, run: (handle) => runIn(active, jobId, handle) };
}

function runIn<T>(active: Context, jobId: string | undefined, handle: () => T): T {
  if (jobId === undefined) return context.with(active, handle);
  return context.with(active, () => withLogFields({ job_id: jobId }, handle));
}

/** What a span says of the message that it sends or handles. */
export function attributesOf(
  subject: string,
  messageId: string,
  { correlationId }: Pick<MessageContext, 'correlationId'>,
): Attributes {
  const jobId = jobIdOf(correlationId);
  return {
    'messaging.system': 'nats',
    'messaging.destination.name': subject,
    'messaging.message.id': messageId,
    ...(jobId !== undefined && { 'safelight.job_id': jobId }),
  };
}

/** The id of a job, when that is what the conversation is about. */
const jobIdOf = (id: string): string | undefined => (id.startsWith('job_') ? id : undefined);
