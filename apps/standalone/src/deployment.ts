import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createLedgerKey } from '@safelight/billing';
import type { RunningGateway } from '@safelight/gateway';
import { createTestAuthorityFile, createWatermarkKey } from '@safelight/gpu-worker';
import { createContentKey } from '@safelight/job-orchestrator';
import { startNats, startPostgres } from '@safelight/local-servers';
import { createCaseKey, createReceiptKey } from '@safelight/moderation';
import { provision } from '@safelight/postgres';
import { createWebhookKey } from '@safelight/webhook-sender';
import pino from 'pino';
import { freshMachineAliases } from './aliases.js';
import { logLevel, otlpEndpoint, outputStorage, paymentEnvironment } from './config.js';
import type { Home } from './home.js';
import type { Environment } from './services.js';
import { databaseServices, startServices } from './services.js';

/** Everything that runs, and how to stop it. */
export interface Deployment {
  readonly gateway: RunningGateway;
  readonly natsUrl: string;
  close(): Promise<void>;
}

/** Starts the servers and all services; what was started is stopped again on failure. */
export async function deploy(
  home: Home,
  httpPort: number,
  tell: (step: string) => void,
): Promise<Deployment> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (let last = closers.pop(); last !== undefined; last = closers.pop()) await last();
  };
  try {
    tell('PostgreSQL');
    const postgres = await startPostgres({ dataDir: home.path('postgres') });
    closers.push(() => postgres.stop());
    tell('NATS');
    const nats = await startNats({ storeDir: home.path('nats') });
    closers.push(() => nats.stop());
    tell('services');
    const shared = await sharedEnvironment(home, nats.url, httpPort);
    const logDestination = pino.destination({ dest: home.path('log.jsonl'), sync: true });
    const services = await startServices(await prepareDatabase(home, postgres.socketUrl, shared), {
      logDestination,
    });
    closers.push(() => services.close());
    return { gateway: services.gateway, natsUrl: nats.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function prepareDatabase(home: Home, adminUrl: string, shared: Environment) {
  const urls = await provision({
    adminUrl,
    services: databaseServices.map(({ name }) => ({ name, ...home.passwordsOf(name) })),
  });
  const environments: Record<string, Environment> = { worker: shared };
  for (const service of databaseServices) {
    const url = urls[service.name];
    if (url === undefined) throw new Error(`no database was provisioned for ${service.name}`);
    await service.migrate(url.migrationUrl);
    environments[service.name] = { ...shared, DATABASE_URL: url.url };
  }
  return environments;
}

async function sharedEnvironment(
  home: Home,
  natsUrl: string,
  httpPort: number,
): Promise<Environment> {
  return {
    NATS_URL: natsUrl,
    NATS_SHARED: 'true',
    LOG_LEVEL: logLevel,
    OPS_PORT: '0',
    HTTP_PORT: String(httpPort),
    HTTP_HOST: '127.0.0.1',
    WORKER_SLOTS: '1',
    MODEL_ALIASES: freshMachineAliases,
    OBJECT_STORE_DIR: home.path('objects'),
    URL_SIGNING_SECRET: home.memory.urlSigningSecret,
    RECEIPT_KEY_FILE: await secretFile(home, 'receipt-key.pem', createReceiptKey),
    LEDGER_KEY_FILE: await secretFile(home, 'ledger-key.pem', createLedgerKey),
    CONTENT_KEY_FILE: await secretFile(home, 'content-key', createContentKey),
    CASE_KEY_FILE: await secretFile(home, 'case-key', createCaseKey),
    C2PA_TEST_AUTHORITY_FILE: await secretFile(
      ...([home, 'content-credentials-TEST.json', createTestAuthorityFile] as const),
    ),
    WATERMARK_KEY_FILE: await secretFile(home, 'watermark-key', createWatermarkKey),
    WEBHOOK_KEY_FILE: await secretFile(home, 'webhook-key', createWebhookKey),
    ...outputStorage,
    ...paymentsHere(home),
    ...(otlpEndpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }),
  };
}

/** Who takes the money: Stripe where it is configured, else nobody, and payments are played. */
function paymentsHere(home: Home): Environment {
  const given = paymentEnvironment();
  const isReal = 'STRIPE_SECRET_KEY' in given || 'STRIPE_SECRET_KEY_FILE' in given;
  if (isReal || given['NODE_ENV'] === 'production') return given;
  const secret = createHmac('sha256', home.memory.urlSigningSecret).update('development payments');
  return { ...given, DEVELOPMENT_PAYMENTS_SECRET: secret.digest('base64') };
}

/** Keys are made once: without them earlier prompts and receipts could no longer be read. */
const secretFile = async (home: Home, name: string, create: () => string): Promise<string> =>
  existsSync(home.path(name)) ? home.path(name) : home.writePrivate(name, create());
