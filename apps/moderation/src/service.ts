import 'reflect-metadata';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { BusConnection } from '@safelight/messaging';
import { connectBus, RequestClient, SafelightServer } from '@safelight/messaging';
import { FileObjectStore } from '@safelight/object-store';
import { createPool, isUnreachable, Listener, migrate } from '@safelight/postgres';
import type {
  Closers,
  RunningService,
  ServiceDefinition,
  ServiceOverrides,
  Telemetry,
} from '@safelight/telemetry';
import { assembleService, NestLogger, OpsServer, Recurring } from '@safelight/telemetry';
import type { Pool } from 'pg';
import { BankStore, CHANNEL } from './banks/bank-store.js';
import { HashBanks } from './banks/hash-banks.js';
import type { ModerationConfig } from './config.js';
import { readModerationConfig } from './config.js';
import { DecisionLog } from './decisions/decision-log.js';
import { ReceiptSigner } from './decisions/receipt-signer.js';
import { PictureModels } from './images/picture-models.js';
import { PictureRecords } from './images/picture-records.js';
import { migrations, schema } from './migrations/index.js';
import { ModerationModule } from './moderation.module.js';
import type { OutputClassifier } from './outputs/inspection.js';
import { activate } from './policy/active-policy.js';
import { readLists } from './policy/lists.js';
import { policyV1 } from './policy/policy.v1.js';
import { readCaseKey } from './trust/case-key.js';
import { Cases } from './trust/cases.js';
import { Withdrawals } from './trust/withdrawals.js';

const name = 'moderation';
type Environment = Readonly<Record<string, string | undefined>>;

/** The moderation service with further image classifiers: they can only add refusals. */
export const moderationServiceWith = (
  classifiers: readonly OutputClassifier[],
): ServiceDefinition => ({
  name,
  migrate: (migrationUrl) => migrate({ url: migrationUrl, schema, migrations }),
  start: (env, overrides) => start(env, classifiers, overrides),
});

/** The moderation service: screens prompts, checks outputs, signs receipts. */
export const moderationService = moderationServiceWith([]);

async function start(
  env: Environment,
  classifiers: readonly OutputClassifier[],
  overrides?: ServiceOverrides,
): Promise<RunningService> {
  const config = readModerationConfig(env);
  return assembleService({
    service: name,
    config,
    overrides,
    assemble: async (telemetry, closers) => ({
      opsUrl: await assemble(config, classifiers, telemetry, closers),
    }),
  });
}

async function assemble(
  config: ModerationConfig,
  classifiers: readonly OutputClassifier[],
  telemetry: Telemetry,
  closers: Closers,
): Promise<string> {
  const { logger } = telemetry;
  // What cannot check rightly does not come up at all.
  const { signer, policy } = await readiedPolicy(config, logger);
  const caseKey = await readCaseKey(config.CASE_KEY_FILE);
  const reportKeptDays = config.REPORT_KEPT_DAYS;
  const pool = openPool(config.DATABASE_URL, logger);
  closers.push(() => pool.end());
  const bus = await connectBus({ url: config.NATS_URL, shared: config.NATS_SHARED, name, logger });
  closers.push(() => bus.close());
  const banks = await startBanks(config.DATABASE_URL, pool, logger, closers);
  const models = startModels(config, logger, closers);
  const store = new FileObjectStore(config.OBJECT_STORE_DIR);
  const app = await NestFactory.createMicroservice(
    ModerationModule.of({
      services: new RequestClient(bus, telemetry),
      ...{ pool, telemetry, store, signer, policy, classifiers, banks, models },
      ...{ caseKey, reportKeptDays },
    }),
    {
      strategy: strategyOf(bus, telemetry),
      logger: new NestLogger(telemetry),
      abortOnError: false,
    },
  );
  closers.push(() => app.get(DecisionLog).drain());
  await app.listen();
  closers.push(() => app.close());
  startSweeps(app, config, logger, closers);
  return startOps(config, { pool, bus, telemetry, banks, models }, closers);
}

/** Moderation publishes no events and follows none: it needs no JetStream stream. */
const strategyOf = (bus: BusConnection, telemetry: Telemetry) =>
  new SafelightServer({
    ...{ bus, telemetry, service: name, streams: [] },
    isUnavailable: isUnreachable,
  });

function startModels(
  { IMAGE_MODELS: loaded }: ModerationConfig,
  logger: Telemetry['logger'],
  closers: Closers,
): PictureModels {
  const models = new PictureModels(logger);
  closers.push(() => models.close());
  if (loaded === 'at-boot') models.warm();
  return models;
}

const openPool = (url: string, logger: Telemetry['logger']): Pool =>
  createPool({
    url,
    applicationName: name,
    indexesOnly: true,
    onError: (err) => logger.warn({ err }, 'an idle database connection broke'),
  });

async function startBanks(
  url: string,
  pool: Pool,
  logger: Telemetry['logger'],
  closers: Closers,
): Promise<HashBanks> {
  const banks = new HashBanks(new BankStore(pool), logger);
  const listener = await Listener.start({
    ...{ url, channel: CHANNEL, applicationName: name },
    onNews: () => void banks.heard(),
    onDeaf: (error) => banks.becameDeaf(error),
  });
  closers.push(() => listener.close());
  // Whatever came of it: what cannot be read now may be later, and until then nothing passes.
  await banks.refresh();
  return banks;
}

function startSweeps(
  app: INestMicroservice,
  { CASE_SWEEP_EVERY_MS, CONSENT_SWEEP_EVERY_MS }: ModerationConfig,
  logger: Telemetry['logger'],
  closers: Closers,
): void {
  const sweep = (what: string, task: () => Promise<unknown>, everyMs: number) => {
    const failed = (err: unknown) => logger.error({ err }, `${what} failed`);
    const sweeping = new Recurring(task, everyMs, failed);
    closers.push(() => sweeping.close());
    sweeping.start();
  };
  const [cases, withdrawals] = [app.get(Cases), app.get(Withdrawals)];
  const records = app.get(PictureRecords);
  sweep('erasing what was seen in pictures', () => records.eraseOld(), CASE_SWEEP_EVERY_MS);
  sweep('erasing words whose time is over', () => cases.eraseDue(), CASE_SWEEP_EVERY_MS);
  const ending = () => withdrawals.carryOut();
  sweep('ending what leans on revoked consents', ending, CONSENT_SWEEP_EVERY_MS);
}

async function startOps(
  { OPS_PORT: port }: ModerationConfig,
  {
    pool,
    bus,
    telemetry,
    banks,
    models,
  }: {
    pool: Pool;
    bus: BusConnection;
    telemetry: Telemetry;
    banks: HashBanks;
    models: PictureModels;
  },
  closers: Closers,
): Promise<string> {
  const checks = {
    postgres: async () => {
      await pool.query('select 1');
    },
    nats: () => bus.nc.flush(),
    'hash-banks': async () => {
      await banks.current();
    },
    'image-models': async () => models.requireSound(),
  };
  const health = () => ({ ...banks.status(), ...models.status() });
  const ops = await OpsServer.start({ port, telemetry, checks, health });
  closers.push(() => ops.close());
  return ops.url;
}

async function readiedPolicy(config: ModerationConfig, logger: Telemetry['logger']) {
  const signer = await ReceiptSigner.fromFile(config.RECEIPT_KEY_FILE);
  const lists = await readLists({
    namedPeople: config.NAMED_PEOPLE_FILE,
    knownImages: config.KNOWN_IMAGES_FILE,
  });
  const policy = activate(policyV1, lists);
  logger.info({ policyVersion: policy.version, policyDigest: policy.digest }, 'policy is active');
  return { signer, policy };
}
