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
import { assembleService, NestLogger } from '@safelight/telemetry';
import { EventStore } from '@safelight/event-store';
import type { Pool } from 'pg';
import { BankStore } from './banks/bank-store.js';
import { HashBanks } from './banks/hash-banks.js';
import type { ModerationConfig } from './config.js';
import { readModerationConfig } from './config.js';
import { DecisionLog } from './decisions/decision-log.js';
import { ReceiptKeys } from './decisions/receipt-keys.js';
import { ReceiptSigner } from './decisions/receipt-signer.js';
import { PictureModels } from './images/picture-models.js';
import { migrations, schema } from './migrations/index.js';
import { ModerationModule, type ModerationParts } from './moderation.module.js';
import type { OutputClassifier } from './outputs/inspection.js';
import { activate, type ActivePolicy } from './policy/active-policy.js';
import { readLists } from './policy/lists.js';
import { policyV1 } from './policy/policy.v1.js';
import { PolicyStore } from './policy/published/policy-store.js';
import { PublishedPolicies } from './policy/published/published-policies.js';
import { localWords } from './providers/local-words.js';
import { Panel } from './providers/panel.js';
import { readProviders } from './providers/providers-file.js';
import { startOps } from './operations.js';
import { startSweeps } from './sweeps.js';
import { readCaseKey } from './trust/case-key.js';

const name = 'moderation';
/** Told on it: each event of a bank or a policy, when it is committed. */
const CHANNEL = 'moderation_news';
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
  const { REPORT_KEPT_DAYS: reportKeptDays, LOOK_MS: lookMs } = config;
  const others = await readProviders(config.PROVIDERS_FILE);
  const panel = new Panel([localWords(policy), ...others], logger);
  const pool = openPool(config.DATABASE_URL, logger);
  closers.push(() => pool.end());
  await new ReceiptKeys(pool).publish(signer);
  const bus = await connectBus({ url: config.NATS_URL, shared: config.NATS_SHARED, name, logger });
  closers.push(() => bus.close());
  const news = { url: config.DATABASE_URL, pool, logger, closers };
  const { banks, policies } = await followNews(policy, news);
  const models = startModels(config, logger, closers);
  const store = new FileObjectStore(config.OBJECT_STORE_DIR);
  const app = await createApp(bus, {
    ...{ pool, telemetry, store, signer, policy, policies, classifiers, panel, banks, caseKey },
    ...{ services: new RequestClient(bus, telemetry), reportKeptDays, lookMs, models },
  });
  closers.push(() => app.get(DecisionLog).drain());
  closers.push(() => app.get(EventStore).drain());
  await app.listen();
  closers.push(() => app.close());
  startSweeps(app, config, logger, closers);
  const parts = { pool, bus, telemetry, banks, policies, panel, models };
  return startOps(config.OPS_PORT, parts, closers);
}

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

const createApp = (bus: BusConnection, parts: ModerationParts): Promise<INestMicroservice> =>
  NestFactory.createMicroservice(ModerationModule.of(parts), {
    // Moderation publishes no events and follows none: it needs no JetStream stream.
    strategy: new SafelightServer({
      bus,
      telemetry: parts.telemetry,
      service: name,
      streams: [],
      isUnavailable: isUnreachable,
    }),
    logger: new NestLogger(parts.telemetry),
    abortOnError: false,
  });

const openPool = (url: string, logger: Telemetry['logger']): Pool =>
  createPool({
    url,
    applicationName: name,
    indexesOnly: true,
    onError: (err) => logger.warn({ err }, 'an idle database connection broke'),
  });

async function followNews(
  policy: ActivePolicy,
  parts: { url: string; pool: Pool; logger: Telemetry['logger']; closers: Closers },
): Promise<{ banks: HashBanks; policies: PublishedPolicies }> {
  const { url, pool, logger, closers } = parts;
  const banks = new HashBanks(new BankStore(pool), logger);
  const policies = new PublishedPolicies(policy, new PolicyStore(pool), logger);
  const listener = await Listener.start({
    ...{ url, channel: CHANNEL, applicationName: name },
    onNews: () => void Promise.all([banks.heard(), policies.heard()]),
    onDeaf: (error) => {
      banks.becameDeaf(error);
      policies.becameDeaf(error);
    },
  });
  closers.push(() => listener.close());
  // Whatever came of it: what cannot be read now may be later, and until then nothing passes.
  await Promise.all([banks.refresh(), policies.refresh()]);
  return { banks, policies };
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
