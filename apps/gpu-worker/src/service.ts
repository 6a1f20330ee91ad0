import { availableParallelism } from 'node:os';
import { NestFactory } from '@nestjs/core';
import { newUuid } from '@safelight/contracts';
import {
  connectBus,
  RequestClient,
  SafelightServer,
  type BusConnection,
} from '@safelight/messaging';
import { FileObjectStore } from '@safelight/object-store';
import {
  assembleService,
  NestLogger,
  OpsServer,
  type Closers,
  type RunningService,
  type ServiceDefinition,
  type ServiceOverrides,
  type Telemetry,
} from '@safelight/telemetry';
import { Agent } from './agent/agent.js';
import { readWorkerConfig, type WorkerConfig } from './config.js';
import { BuiltinEngine } from './engine/builtin/builtin.engine.js';
import type { Engine } from './engine/engine.js';
import { WorkerModule } from './worker.module.js';

const SERVICE = 'worker';

/** An agent beside the built-in engine. Without a database: all it knows dies with the process. */
export const workerService = {
  name: SERVICE,
  migrate: async () => undefined,
  start: (
    env: Readonly<Record<string, string | undefined>>,
    overrides: ServiceOverrides = {},
  ): Promise<RunningService> => {
    const config = readWorkerConfig(env);
    // More painters than cores would only take turns.
    const slots = Math.min(config.WORKER_SLOTS, availableParallelism());
    return startWorker(config, new BuiltinEngine({ slots }), overrides);
  },
} satisfies ServiceDefinition;

/** Starts a worker beside any engine, which it closes in the end. */
export function startWorker(
  config: WorkerConfig,
  engine: Engine,
  overrides: ServiceOverrides = {},
): Promise<RunningService> {
  return assembleService({
    service: SERVICE,
    config,
    overrides,
    assemble: (telemetry, closers) => assemble({ config, engine, telemetry }, closers),
  });
}

interface Given {
  readonly config: WorkerConfig;
  readonly engine: Engine;
  readonly telemetry: Telemetry;
}

async function assemble({ config, engine, telemetry }: Given, closers: Closers) {
  const bus = await connectBus({
    url: config.NATS_URL,
    name: SERVICE,
    shared: config.NATS_SHARED,
    logger: telemetry.logger,
  });
  closers.push(() => bus.close());
  const ops = await openOps(config, { telemetry, bus, engine });
  closers.push(() => ops.close());
  closers.push(() => engine.close());
  const incarnation = newUuid();
  const agent = new Agent({
    ...{ workerId: config.WORKER_ID, incarnation, slots: config.WORKER_SLOTS },
    ...{ engine, telemetry, requests: new RequestClient(bus, telemetry) },
    store: new FileObjectStore(config.OBJECT_STORE_DIR),
  });
  const app = await NestFactory.createMicroservice(WorkerModule.of(agent, incarnation), {
    strategy: new SafelightServer({ bus, telemetry, service: SERVICE, streams: [] }),
    logger: new NestLogger(telemetry),
    abortOnError: false,
  });
  await app.listen();
  closers.push(() => app.close());
  await agent.start();
  closers.push(() => agent.close(config.WORKER_DRAIN_MS));
  return { opsUrl: ops.url };
}

function openOps(
  { OPS_PORT: port }: WorkerConfig,
  on: { telemetry: Telemetry; bus: BusConnection; engine: Engine },
): Promise<OpsServer> {
  const engine = async () => {
    const { ok, detail } = await on.engine.health();
    if (!ok) throw new Error(detail);
  };
  const nats = () => on.bus.nc.rtt().then(() => undefined);
  return OpsServer.start({ port, telemetry: on.telemetry, checks: { nats, engine } });
}
