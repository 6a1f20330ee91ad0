import 'reflect-metadata';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { publicEvent, type StreamTopology } from '@safelight/contracts';
import { NestLogger, startTelemetry, type Telemetry } from '@safelight/telemetry';
import { z } from 'zod';
import {
  connectBus,
  JetStreamPublisher,
  RequestClient,
  SafelightServer,
  type BusConnection,
  type OutgoingEvent,
  type SafelightServerOptions,
} from '../index.js';

export type SpanExporter = NonNullable<Parameters<typeof startTelemetry>[0]['spanExporter']>;

export interface TestService {
  bus: BusConnection;
  telemetry: Telemetry;
  client: RequestClient;
  server: SafelightServer;
  /** Log lines so far. */
  logs: Record<string, unknown>[];
  close(): Promise<void>;
}

export interface TestServiceOptions {
  url: string;
  controllers?: Type[];
  service?: string;
  streams?: readonly StreamTopology[];
  server?: Partial<SafelightServerOptions>;
  spanExporter?: SpanExporter;
}

/** A whole Nest microservice on a real bus, with its log kept in memory. */
export async function startService(options: TestServiceOptions): Promise<TestService> {
  const { url, controllers = [], service = 'test', streams = [], spanExporter } = options;
  const logs: Record<string, unknown>[] = [];
  const telemetry = startTelemetry({
    service,
    logDestination: {
      write: (line) => void logs.push(JSON.parse(line) as Record<string, unknown>),
    },
    ...(spanExporter !== undefined && { spanExporter }),
  });
  const bus = await connectBus({ url, name: service, logger: telemetry.logger });
  const server = new SafelightServer({ bus, telemetry, service, streams, ...options.server });
  @Module({ controllers })
  class TestModule {}
  const app = await NestFactory.createMicroservice(TestModule, {
    strategy: server,
    logger: new NestLogger(telemetry),
    abortOnError: false,
  });
  const close = async () => {
    await app.close();
    await bus.close();
  };
  try {
    await app.listen();
  } catch (error) {
    await close();
    throw error;
  }
  return { bus, telemetry, client: new RequestClient(bus, telemetry), server, logs, close };
}

let streamsMade = 0;

/** A JetStream stream of its own with two events and one durable for both. */
export function testStream() {
  streamsMade += 1;
  const name = `t${streamsMade}`;
  const data = z.object({ n: z.int() });
  const happened = publicEvent(`${name}.happened`, data);
  const ended = publicEvent(`${name}.ended`, data);
  const durable = `${name}-durable`;
  const topology: StreamTopology = {
    name: `SAFELIGHT_${name.toUpperCase()}`,
    events: [happened, ended],
    durables: [{ name: durable, events: [happened, ended] }],
  };
  return { happened, ended, durable, topology };
}

export const publisherFor = (service: TestService, topology: StreamTopology) =>
  new JetStreamPublisher(service.bus, topology, service.telemetry);

/** An event as an outbox would hand it over. */
export function outgoing(
  subject: string,
  n: number,
  more: Partial<OutgoingEvent> = {},
): OutgoingEvent {
  return {
    id: `${subject}-${n}`,
    subject,
    key: `stream-${n}`,
    data: { n },
    recordedAt: new Date('2026-11-21T12:00:00Z'),
    context: { correlationId: `job_${n}`, causationId: 'command-1' },
    ...more,
  };
}
