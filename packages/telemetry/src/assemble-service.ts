import type { RunningService, ServiceOverrides } from './service.js';
import { startTelemetry, type Telemetry } from './telemetry.js';

/** What has to be let go of, in the order in which it was taken hold of. */
export class Closers {
  private readonly closers: (() => Promise<unknown>)[] = [];

  push(close: () => Promise<unknown>): void {
    this.closers.push(close);
  }

  /** Lets go of everything, last first; what fails to close does not keep the rest open. */
  async closeAll(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) {
      await close().catch(() => undefined);
    }
  }
}

export interface Assembly<Running extends { readonly opsUrl: string }> {
  readonly service: string;
  readonly config: {
    readonly LOG_LEVEL: string;
    readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  };
  readonly overrides?: ServiceOverrides | undefined;
  /** Opens and starts everything, pushing how to close it as soon as it is open. */
  readonly assemble: (telemetry: Telemetry, closers: Closers) => Promise<Running>;
}

/** Starts a service; when any part of it fails to start, what was already open is closed again. */
export async function assembleService<Running extends { readonly opsUrl: string }>({
  service,
  config,
  overrides,
  assemble,
}: Assembly<Running>): Promise<Running & RunningService> {
  const otlpEndpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const telemetry = startTelemetry({
    service,
    logLevel: config.LOG_LEVEL,
    ...(otlpEndpoint === undefined ? {} : { otlpEndpoint }),
    ...overrides,
  });
  const closers = new Closers();
  closers.push(() => telemetry.shutdown());
  try {
    const running = await assemble(telemetry, closers);
    return { ...running, telemetry, close: () => closers.closeAll() };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}
