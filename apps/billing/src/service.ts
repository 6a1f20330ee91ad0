import 'reflect-metadata';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { connectBus, SafelightServer } from '@safelight/messaging';
import { createPool, migrate, isUnreachable } from '@safelight/postgres';
import {
  assembleService,
  NestLogger,
  OpsServer,
  Recurring,
  type Closers,
  type RunningService,
  type ServiceDefinition,
  type ServiceOverrides,
  type Telemetry,
} from '@safelight/telemetry';
import type pg from 'pg';
import { BillingModule } from './billing.module.js';
import { readBillingConfig, type BillingConfig } from './config.js';
import { ExpirySweep } from './holds/expiry-sweep.js';
import { GrantExpirySweep } from './ledger/grant-expiry-sweep.js';
import { Ledger } from './ledger/ledger.writer.js';
import { Reconciler } from './ledger/reconciler.js';
import { refuseYoungerCluster } from './proofs/cluster-guard.js';
import { Heads } from './proofs/heads.js';
import { LedgerKey } from './proofs/ledger-key.js';
import { SealWatch } from './proofs/seal-watch.js';
import { migrations, schema } from './migrations/index.js';
import { AutoTopUps } from './payments/auto-top-up.js';
import { Payments } from './payments/payments.js';
import { providerFor } from './payments/settings.js';
import { Settling } from './payments/settling.js';

const name = 'billing';
const FORGET_EVERY_MS = 10 * 60_000;
type Environment = Readonly<Record<string, string | undefined>>;

/** The billing service: prices, holds, captures and the ledger behind them. */
export const billingService: ServiceDefinition = {
  name,
  migrate: (migrationUrl) => migrate({ url: migrationUrl, schema, migrations }),
  start,
};

async function start(env: Environment, overrides?: ServiceOverrides): Promise<RunningService> {
  const config = readBillingConfig(env);
  return assembleService({
    service: name,
    config,
    overrides,
    assemble: async (telemetry, closers) => ({
      opsUrl: await assemble(config, telemetry, closers),
    }),
  });
}

async function assemble(
  config: BillingConfig,
  telemetry: Telemetry,
  closers: Closers,
): Promise<string> {
  const { logger } = telemetry;
  const key = await LedgerKey.fromFile(config.LEDGER_KEY_FILE);
  const provider = providerFor(config);
  const pool = openPool(config.DATABASE_URL, logger);
  closers.push(() => pool.end());
  await refuseYoungerCluster(pool);
  const bus = await connectBus({ url: config.NATS_URL, shared: config.NATS_SHARED, name, logger });
  closers.push(() => bus.close());
  // Billing publishes no events and follows none: it needs no JetStream stream.
  const strategy = new SafelightServer({
    bus,
    telemetry,
    service: name,
    streams: [],
    isUnavailable: isUnreachable,
  });
  const parts = { key, provider };
  const app = await NestFactory.createMicroservice(BillingModule.over(pool, telemetry, parts), {
    strategy,
    logger: new NestLogger(telemetry),
    abortOnError: false,
  });
  closers.push(() => app.get(Ledger).drain());
  await app.get(Heads).publishKey();
  closers.push(() => app.get(AutoTopUps).drain());
  await app.listen();
  closers.push(() => app.close());
  startTimers(app, config, logger, closers);
  const ops = await OpsServer.start({
    port: config.OPS_PORT,
    telemetry,
    checks: { postgres: () => answers(pool), nats: () => bus.nc.flush() },
  });
  closers.push(() => ops.close());
  return ops.url;
}

async function answers(pool: pg.Pool): Promise<void> {
  await pool.query('select 1');
}

const openPool = (url: string, logger: Telemetry['logger']) =>
  createPool({
    url,
    applicationName: name,
    indexesOnly: true,
    onError: (err) => logger.warn({ err }, 'an idle database connection broke'),
  });

function startTimers(
  app: INestMicroservice,
  config: BillingConfig,
  logger: Telemetry['logger'],
  closers: Closers,
): void {
  const every = (ms: number, what: string, task: () => Promise<unknown>) => {
    const recurring = new Recurring(task, ms, (err) => logger.error({ err }, `${what} failed`));
    closers.push(() => recurring.close());
    recurring.start();
  };
  every(config.BILLING_SWEEP_EVERY_MS, 'the expiry sweep', () => app.get(ExpirySweep).run());
  every(config.BILLING_SEAL_EVERY_MS, 'sealing the ledger', () =>
    app.get(Heads).keepUp(config.BILLING_HEAD_EVERY_MS),
  );
  every(config.BILLING_RECONCILE_EVERY_MS, 'the watch over the seals', () =>
    app.get(SealWatch).run(),
  );
  every(config.BILLING_SWEEP_EVERY_MS, 'the sweep of grants', () =>
    app.get(GrantExpirySweep).run(),
  );
  every(config.BILLING_RECONCILE_EVERY_MS, 'the reconciliation', () => app.get(Reconciler).run());
  const often = config.BILLING_PAYMENTS_EVERY_MS;
  every(often, 'settling payments', () => app.get(Settling).sweep());
  every(often, 'automatic top-ups', () => app.get(AutoTopUps).sweep());
  every(FORGET_EVERY_MS, 'letting go of unpaid top-ups', () => app.get(Payments).forget());
}
