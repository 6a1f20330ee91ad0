import { connectBus, RequestClient } from '@safelight/messaging';
import { eventStoreMigration } from '@safelight/event-store';
import { createPool, migrate } from '@safelight/postgres';
import { assembleService, OpsServer } from '@safelight/telemetry';
import type {
  Closers,
  RunningService,
  ServiceDefinition,
  ServiceOverrides,
  Telemetry,
} from '@safelight/telemetry';
import { readDispatchConfig, type DispatchConfig } from './config.js';
import { DispatchMetrics } from './dispatcher/metrics.js';
import { PoolsAndLearning1764000000005 } from './migrations/1764000000005-pools-and-learning.js';
import { Dispatch1763700000000 } from './migrations/1763700000000-dispatch.js';
import { SERVICE, type Realm } from './reign.js';
import { scalingRoutes } from './scaling/scaling-routes.js';
import { Succession } from './succession.js';

const RUNTIME_ROLE = 'safelight_dispatch';

type Environment = Readonly<Record<string, string | undefined>>;

/** Workers, queue, scheduler, leases, admission. Any number of processes may run: one leads. */
export const dispatchService = {
  name: SERVICE,
  migrate: (url: string) => {
    const migrations = [
      eventStoreMigration(SERVICE, RUNTIME_ROLE),
      Dispatch1763700000000,
      PoolsAndLearning1764000000005,
    ];
    return migrate({ url, schema: SERVICE, migrations });
  },
  start: (env: Environment, overrides: ServiceOverrides = {}): Promise<RunningService> => {
    const config = readDispatchConfig(env);
    return assembleService({
      service: SERVICE,
      config,
      overrides,
      assemble: async (telemetry, closers) => {
        const realm = await openRealm(config, telemetry, closers);
        const opsUrl = await openOps(realm, closers);
        const succession = new Succession(realm);
        closers.push(() => succession.close());
        await succession.start();
        return { opsUrl };
      },
    });
  },
} satisfies ServiceDefinition;

async function openRealm(
  config: DispatchConfig,
  telemetry: Telemetry,
  closers: Closers,
): Promise<Realm> {
  const { DATABASE_URL: url } = config;
  const pool = createPool({ url, applicationName: SERVICE, indexesOnly: true });
  closers.push(() => pool.end());
  const bus = await connectBus({
    url: config.NATS_URL,
    name: SERVICE,
    shared: config.NATS_SHARED,
    logger: telemetry.logger,
  });
  closers.push(() => bus.close());
  const requests = new RequestClient(bus, telemetry);
  return { config, telemetry, pool, bus, requests, metrics: new DispatchMetrics(telemetry) };
}

async function openOps(realm: Realm, closers: Closers): Promise<string> {
  const { config, telemetry, pool, bus, requests } = realm;
  const ops = await OpsServer.start({
    port: config.OPS_PORT,
    telemetry,
    routes: scalingRoutes(requests),
    checks: {
      postgres: () => pool.query('select 1').then(() => undefined),
      nats: () => bus.nc.rtt().then(() => undefined),
    },
  });
  closers.push(() => ops.close());
  return ops.url;
}
