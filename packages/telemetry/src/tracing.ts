import {
  context,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanKind,
  type Tracer,
} from '@opentelemetry/api';
import { contextFrom, spanContextOf } from './context.js';

export interface TracedOptions {
  kind: SpanKind;
  attributes?: Attributes;
  /** A context, or the `traceparent` of a span elsewhere; otherwise the active span is the parent. */
  parent?: Context | string;
  /** `traceparent`s of spans this one belongs with without being their child. */
  links?: readonly string[];
}

/**
 * Runs `run` inside a span of its own, which is active within it. A rejection is recorded on the
 * span, marks it as failed, and passes on.
 */
export async function traced<T>(
  telemetry: { readonly tracer: Tracer },
  name: string,
  options: TracedOptions,
  run: (span: Span) => Promise<T>,
): Promise<T> {
  const { kind, attributes = {}, links = [] } = options;
  const parent = typeof options.parent === 'object' ? options.parent : contextFrom(options.parent);
  const span = telemetry.tracer.startSpan(
    name,
    { kind, attributes, links: linksTo(links) },
    parent,
  );
  try {
    return await context.with(trace.setSpan(parent, span), run, undefined, span);
  } catch (error) {
    recordFailure(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Marks a span as failed, with what went wrong. */
export function recordFailure(span: Span, error: unknown): void {
  if (!span.isRecording()) return;
  const message = error instanceof Error ? error.message : String(error);
  span.recordException(error instanceof Error ? error : { message });
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** Links to the spans that these `traceparent`s name; what is not one is left out. */
export function linksTo(traceparents: readonly string[]): Link[] {
  return traceparents.flatMap((traceparent) => {
    const linked = spanContextOf(traceparent);
    return linked === undefined ? [] : [{ context: linked }];
  });
}
