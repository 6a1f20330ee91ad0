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
import { within } from './agent/within.js';
import { WorkerMetrics } from './agent/worker-metrics.js';
import type { WorkerParts } from './agent/worker-parts.js';
import { readWorkerConfig, type WorkerConfig } from './config.js';
import type { Engine } from './engine/engine.js';
import { createEngine, type EngineSettings } from './engine/engines.js';
import { GpuMeter } from './gpu/gpu-meter.js';
import { openMarking } from './marking.js';
import { Keeper, type Incarnation } from './keeper/keeper.js';
import { WorkerModule } from './worker.module.js';

const SERVICE = 'worker';
/** For stopping the engine, handing back and letting go of everything, after the patience with jobs. */
const CLOSE_MS = 10_000;
/** How long a start waits for an engine that still loads; it goes on by itself. */
const START_PATIENCE_MS = 5_000;

type MakeEngine = (settings: EngineSettings) => Engine;

/** An agent beside an engine. Without a database: all it knows dies with the process. */
export const workerService = {
  name: SERVICE,
  migrate: async () => undefined,
  start: (
    env: Readonly<Record<string, string | undefined>>,
    overrides: ServiceOverrides = {},
  ): Promise<RunningService> => {
    const config = readWorkerConfig(env);
    return startWorker(config, (settings) => createEngine(config.ENGINE, settings), overrides);
  },
} satisfies ServiceDefinition;

/** Starts a worker beside any engine, which it closes in the end. */
export function startWorker(
  config: WorkerConfig,
  makeEngine: MakeEngine,
  overrides: ServiceOverrides = {},
): Promise<RunningService> {
  return assembleService({
    service: SERVICE,
    config,
    overrides,
    assemble: (telemetry, closers) => assemble({ config, makeEngine, telemetry }, closers),
  });
}

interface Given {
  readonly config: WorkerConfig;
  readonly makeEngine: MakeEngine;
  readonly telemetry: Telemetry;
}

async function assemble({ config, makeEngine, telemetry }: Given, closers: Closers) {
  // First: what is wrong with the configuration shows before anything is opened.
  const { WORKER_DRAIN_MS: drainMs } = config;
  const engine = makeEngine(engineSettings(config, telemetry));
  const marking = await openMarking(config, telemetry, closers);
  const bus = await connectBus({
    url: config.NATS_URL,
    name: SERVICE,
    shared: config.NATS_SHARED,
    logger: telemetry.logger,
  });
  closers.push(() => bus.close());
  const gpu = new GpuMeter(config.WORKER_GPU, config);
  await gpu.look();
  const keeper = keeperOf({ config, engine, bus, gpu, telemetry, marking });
  const ops = await openOps(config, { telemetry, bus, keeper });
  closers.push(() => ops.close());
  closers.push(() => engine.close());
  const hurry = new AbortController();
  closers.push(() => keeper.close(drainMs, hurry.signal));
  await within(START_PATIENCE_MS, keeper.start());
  const closeLimitMs = drainMs + CLOSE_MS;
  return { opsUrl: ops.url, closeLimitMs, hurry: () => hurry.abort() };
}

const engineSettings = (config: WorkerConfig, telemetry: Telemetry): EngineSettings => ({
  ...{ url: config.ENGINE_URL, slots: config.WORKER_SLOTS, telemetry },
  comfyui: { modelsFile: config.COMFYUI_MODELS, workflowsFolder: config.COMFYUI_WORKFLOWS },
  ...{ modelsFile: config.ENGINE_MODELS, apiKeyFile: config.ENGINE_API_KEY_FILE },
});

interface Surroundings {
  readonly config: WorkerConfig;
  readonly engine: Engine;
  readonly bus: BusConnection;
  readonly gpu: GpuMeter;
  readonly telemetry: Telemetry;
  readonly marking: Pick<WorkerParts, 'watermark' | 'credentials'>;
}

function keeperOf(around: Surroundings): Keeper {
  const { config, engine, bus, gpu, telemetry, marking } = around;
  const metrics = new WorkerMetrics(telemetry);
  const { WORKER_ID: workerId, WORKER_POOL: pool, WORKER_TAGS: tags } = config;
  const parts = {
    ...{ workerId, pool, tags, slotsMax: config.WORKER_SLOTS, engine, gpu, metrics, telemetry },
    ...marking,
    requests: new RequestClient(bus, telemetry),
    store: new FileObjectStore(config.OBJECT_STORE_DIR),
  };
  return new Keeper({
    ...{ engine, metrics, logger: telemetry.logger, healthMs: config.WORKER_HEALTH_MS },
    ...{ warmUp: config.WORKER_WARM_UP, warmUpMs: config.WORKER_WARM_UP_MS },
    incarnate: (onEngineLost) => incarnate({ ...parts, incarnation: newUuid(), onEngineLost }, bus),
  });
}

async function incarnate(parts: WorkerParts, bus: BusConnection): Promise<Incarnation> {
  const { incarnation, telemetry } = parts;
  const agent = new Agent(parts);
  const app = await NestFactory.createMicroservice(WorkerModule.of(agent, incarnation), {
    strategy: new SafelightServer({ bus, telemetry, service: SERVICE, streams: [] }),
    logger: new NestLogger(telemetry),
    abortOnError: false,
  });
  await app.listen();
  return { agent, close: () => app.close() };
}

function openOps(
  { OPS_PORT: port }: WorkerConfig,
  on: { telemetry: Telemetry; bus: BusConnection; keeper: Keeper },
): Promise<OpsServer> {
  const checks = {
    nats: () => on.bus.nc.rtt().then(() => undefined),
    engine: () => on.keeper.assertReady(),
  };
  return OpsServer.start({ port, telemetry: on.telemetry, checks });
}
