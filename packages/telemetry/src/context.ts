import {
  context,
  propagation,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { parseTraceParent, W3CTraceContextPropagator } from '@opentelemetry/core';

/** Registers what OpenTelemetry keeps once per process; later calls change nothing. */
export function registerGlobals(): void {
  const manager = new AsyncLocalStorageContextManager();
  if (context.setGlobalContextManager(manager.enable())) {
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  }
}

/** A span as a W3C `traceparent`; without an argument, the active one. */
export function traceparentOf(
  span: Span | undefined = trace.getSpan(context.active()),
): string | undefined {
  const it = span?.spanContext();
  if (it === undefined || !trace.isSpanContextValid(it)) return undefined;
  const sampled = (it.traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01';
  return `00-${it.traceId}-${it.spanId}-${sampled}`;
}

/** The span that a `traceparent` names, `undefined` when it is not one. */
export function spanContextOf(traceparent: string | undefined): SpanContext | undefined {
  if (traceparent === undefined) return undefined;
  const parsed = parseTraceParent(traceparent);
  return parsed === null ? undefined : { ...parsed, isRemote: true };
}

/** The active context (log fields included) with the remote span as parent. */
export function contextFrom(traceparent: string | undefined): Context {
  const remote = spanContextOf(traceparent);
  const active = context.active();
  return remote === undefined ? active : trace.setSpanContext(active, remote);
}
