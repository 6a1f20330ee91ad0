import { context, createContextKey, trace } from '@opentelemetry/api';
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';

const FIELDS = createContextKey('safelight.log-fields');

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Runs `fn` with fields that every log line within it carries, across awaits. */
export function withLogFields<T>(fields: LogFields, fn: () => T): T {
  const active = context.active();
  return context.with(active.setValue(FIELDS, { ...currentFields(), ...fields }), fn);
}

/** Log fields that are bound at this point. */
export function currentFields(): LogFields {
  return (context.active().getValue(FIELDS) as LogFields | undefined) ?? {};
}

/** One JSON object per line: level, ISO time, service, trace_id, span_id, bound fields, message. */
export function createLogger(
  service: string,
  level: string,
  destination: DestinationStream | undefined,
): Logger {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: () => ({ ...traceFields(), ...currentFields() }),
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function traceFields(): LogFields {
  const span = trace.getSpanContext(context.active());
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
