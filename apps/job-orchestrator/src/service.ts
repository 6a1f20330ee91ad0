import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { EventStore, OutboxRelay } from '@safelight/event-store';
import { connectBus, SafelightServer } from '@safelight/messaging';
import { createPool, migrate, isUnreachable } from '@safelight/postgres';
import { assembleService, NestLogger, OpsServer } from '@safelight/telemetry';
import type { Closers, ServiceDefinition } from '@safelight/telemetry';
import { orchestratorConfig } from './config.js';
import { readContentKey } from './content/content-key.js';
import { OrphanSweep } from './ended/orphan-sweep.js';
import { DeadlineSweep } from './generation/deadline-sweep.js';
import { followProgress } from './job/follow-progress.js';
import { noticeOn } from './job/job.notice.js';
import { ProgressBoard } from './job/job.progress.js';
import { migrations, schema } from './migrations/index.js';
import type { OrchestratorParts } from './orchestrator.module.js';
import { OrchestratorModule } from './orchestrator.module.js';

const name = 'orchestrator';

/** The job orchestrator: takes jobs on, and answers for each until its end. */
export const orchestratorService: ServiceDefinition = {
  name,
  migrate: (url) => migrate({ url, schema, migrations }),
  start: async (env, overrides) => {
    const config = orchestratorConfig(env);
    const contentKey = await readContentKey(config.CONTENT_KEY_FILE);
    return assembleService({
      service: name,
      config,
      overrides,
      assemble: async (telemetry, closers) => {
        const parts = await open({ config, contentKey, telemetry }, closers);
        return { opsUrl: await serve(parts, closers) };
      },
    });
  },
};

async function open(
  given: Omit<OrchestratorParts, 'pool' | 'bus'>,
  closers: Closers,
): Promise<OrchestratorParts> {
  const { config, telemetry } = given;
  const { logger } = telemetry;
  const pool = createPool({
    url: config.DATABASE_URL,
    applicationName: name,
    indexesOnly: true,
    onError: (err) => logger.warn({ err }, 'an idle database connection broke'),
  });
  closers.push(() => pool.end());
  const bus = await connectBus({ url: config.NATS_URL, shared: config.NATS_SHARED, name, logger });
  closers.push(() => bus.close());
  return { ...given, pool, bus };
}

/** Closing runs backwards: no new messages, then the sweep, then what was committed goes out. */
async function serve(parts: OrchestratorParts, closers: Closers): Promise<string> {
  const { config, telemetry, pool, bus } = parts;
  const app = await NestFactory.createMicroservice(OrchestratorModule.of(parts), {
    strategy: new SafelightServer({ bus, telemetry, service: name, isUnavailable: isUnreachable }),
    logger: new NestLogger(telemetry),
    abortOnError: false,
  });
  await app.get(EventStore).verify();
  app.get(EventStore).onCommitted(noticeOn(bus));
  const relay = app.get(OutboxRelay);
  relay.start();
  closers.push(() => relay.stop());
  closers.push(() => app.get(EventStore).drain());
  const sweep = app.get(DeadlineSweep);
  sweep.start();
  closers.push(() => sweep.stop());
  const orphans = app.get(OrphanSweep);
  orphans.start();
  closers.push(() => orphans.stop());
  closers.push(followProgress(bus, app.get(ProgressBoard)));
  await app.listen();
  closers.push(() => app.close());
  const ops = await OpsServer.start({
    port: config.OPS_PORT,
    telemetry,
    checks: {
      postgres: async () => {
        await pool.query('select 1');
      },
      nats: () => bus.nc.flush(),
    },
  });
  closers.push(() => ops.close());
  return ops.url;
}
