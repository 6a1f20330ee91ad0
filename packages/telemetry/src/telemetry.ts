import type { Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  SimpleSpanProcessor,
  TracerProvider,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { DestinationStream, Logger } from 'pino';
import { registerGlobals } from './context.js';
import { createLogger } from './logger.js';
import { Metrics, type ServiceMeter } from './metrics.js';
import { QuietTracer } from './quiet-tracer.js';

/** Logs, traces and metrics of one service. */
export interface Telemetry {
  readonly service: string;
  readonly logger: Logger;
  readonly tracer: Tracer;
  readonly meter: ServiceMeter;
  /** All metrics, in Prometheus' text format. */
  metricsText(): Promise<string>;
  /** Sends what is still queued, and stops. */
  shutdown(): Promise<void>;
}

export interface TelemetryOptions {
  service: string;
  logLevel?: string;
  /** Where log lines go; otherwise standard output. */
  logDestination?: DestinationStream;
  /** Gets every span at once as it ends. It belongs to the caller, who also shuts it down. */
  spanExporter?: SpanExporter;
  /** Base address of an OTLP/HTTP collector. */
  otlpEndpoint?: string;
}

/**
 * Each service has its own tracer provider and metrics (`standalone` runs six services in a process);
 * context manager and W3C propagator are the process's. Without exporter and endpoint spans carry
 * ids and record nothing.
 */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  registerGlobals();
  const { service, logLevel = 'info' } = options;
  const resource = resourceFromAttributes({
    'service.name': service,
    'service.namespace': 'safelight',
  });
  const spanProcessors = processorsFor(options);
  const tracers =
    spanProcessors.length === 0 ? undefined : new TracerProvider({ resource, spanProcessors });
  const metrics = new Metrics(resource);
  return {
    service,
    logger: createLogger(service, logLevel, options.logDestination),
    tracer: tracers?.getTracer('safelight') ?? new QuietTracer(),
    meter: metrics,
    metricsText: () => metrics.text(),
    shutdown: async () => {
      await Promise.allSettled([tracers?.shutdown()]);
    },
  };
}

function processorsFor({ spanExporter, otlpEndpoint }: TelemetryOptions): SpanProcessor[] {
  const processors: SpanProcessor[] = [];
  if (spanExporter !== undefined) {
    processors.push(new SimpleSpanProcessor({ exporter: borrowed(spanExporter) }));
  }
  if (otlpEndpoint !== undefined) {
    const url = `${otlpEndpoint.replace(/\/+$/, '')}/v1/traces`;
    const exporter = new OTLPTraceExporter({ url });
    processors.push(new BatchSpanProcessor({ exporter, maxQueueSize: 16_384 }));
  }
  return processors;
}

/** Several services may share an exporter: the first one to stop must not stop it for all. */
function borrowed(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => {
      exporter.export(spans, done);
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: async () => exporter.forceFlush?.(),
  };
}
