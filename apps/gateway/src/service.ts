import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createEgress, type Egress } from '@safelight/egress';
import { FilmIntake } from '@safelight/film-intake';
import { ImageIntake } from '@safelight/image-intake';
import type { BusConnection } from '@safelight/messaging';
import { connectBus, RequestClient, SafelightServer } from '@safelight/messaging';
import { FileObjectStore, SignedUrls } from '@safelight/object-store';
import { createPool, dataSourceOver, migrate, isUnreachable } from '@safelight/postgres';
import type {
  Closers,
  RunningService,
  ServiceDefinition,
  ServiceOverrides,
  Telemetry,
} from '@safelight/telemetry';
import { assembleService, NestLogger, OpsServer } from '@safelight/telemetry';
import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { AccountRow } from './accounts/account.entity.js';
import { AnswerSeal } from './admission/answer-seal.js';
import { Answers } from './admission/answers.js';
import { keepAnswers } from './admission/keep-answers.js';
import { keysIn } from './admission/known-keys.js';
import { readCatalogue } from './catalogue/read-catalogue.js';
import { Aliases } from './dialects/aliases.js';
import type { GatewayConfig } from './config.js';
import { gatewayConfig } from './config.js';
import type { GatewayParts } from './gateway.module.js';
import { GatewayModule } from './gateway.module.js';
import { Following } from './following/following.js';
import { JobFeed } from './following/job-feed.js';
import { JobNotices } from './following/job-notices.js';
import { Drain } from './http/drain.js';
import { Readiness } from './http/readiness.js';
import { checkRoutes, watchRoutes } from './http/route-inventory.js';
import { createHttpAdapter } from './http/server.js';
import { ApiKeyRow } from './keys/api-key.entity.js';
import { AuditRow } from './keys/audit.entity.js';
import { VIDEO_LIMITS } from './faces/video-intake.js';
import { UPLOAD_MAX_BYTES, UPLOAD_MAX_PIXELS } from './pictures/picture-intake.js';
import { UploadRow } from './uploads/upload.entity.js';
import { openReaders } from './trust/open-readers.js';
import { OrphanedUploads } from './uploads/orphaned-uploads.js';
import { Uploads } from './uploads/uploads.js';
import { migrations } from './migrations/index.js';

const NAME = 'gateway';

/** Leaves the rest of the ten seconds that a service has to close to the bus and the database. */
const DRAIN_LIMIT_MS = 8_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** What a test may put in the place of the product's own. */
export interface GatewayOverrides extends ServiceOverrides {
  readonly egress?: Egress;
}

/** The gateway also tells where it listens. */
export interface RunningGateway extends RunningService {
  readonly url: string;
}

export const gatewayService = {
  name: NAME,
  migrate: (url: string) => migrate({ url, schema: NAME, migrations }),
  start: async (env: Environment, overrides: GatewayOverrides = {}): Promise<RunningGateway> => {
    const config = gatewayConfig(env);
    const port = config.HTTP_PORT === 0 ? await freePort() : config.HTTP_PORT;
    const url = config.PUBLIC_URL ?? `http://127.0.0.1:${port}`;
    return assembleService({
      service: NAME,
      config,
      overrides,
      assemble: async (telemetry, closers) => {
        const { egress = createEgress() } = overrides;
        const opened = await open({ config, url, telemetry, egress }, closers);
        return { url, opsUrl: await serve({ ...config, HTTP_PORT: port }, opened, closers) };
      },
    });
  },
} satisfies ServiceDefinition;

interface Given {
  readonly config: GatewayConfig;
  readonly url: string;
  readonly telemetry: Telemetry;
  readonly egress: Egress;
}

async function open({ config, url, telemetry, egress }: Given, closers: Closers) {
  const pool = createPool({
    url: config.DATABASE_URL,
    applicationName: NAME,
    indexesOnly: true,
  });
  closers.push(() => pool.end());
  const bus = await connectBus({
    url: config.NATS_URL,
    shared: config.NATS_SHARED,
    name: NAME,
    logger: telemetry.logger,
  });
  closers.push(() => bus.close());
  const services = new RequestClient(bus, telemetry);
  const drain = new Drain({ noticeMs: config.DRAIN_NOTICE_MS, limitMs: DRAIN_LIMIT_MS });
  const secret = Buffer.from(config.URL_SIGNING_SECRET, 'base64');
  const parts: GatewayParts = {
    telemetry,
    pool,
    records: await dataSourceOver(pool, { entities: [AccountRow, ApiKeyRow, AuditRow, UploadRow] }),
    services,
    following: new Following(new JobFeed(services, new JobNotices(bus))),
    store: new FileObjectStore(config.OBJECT_STORE_DIR),
    urls: new SignedUrls({ secret, baseUrl: `${url}/api/v1/files` }),
    answerSeal: new AnswerSeal(secret),
    publicUrl: url,
    aliases: new Aliases(config.MODEL_ALIASES),
    catalogue: readCatalogue(config.MODEL_CATALOGUE),
    readiness: readinessOf(pool, bus, drain),
    images: await openImages(closers),
    readers: await openReaders(config, closers),
    films: new FilmIntake(VIDEO_LIMITS),
    egress,
  };
  return { parts, bus, drain };
}

async function openImages(closers: Closers): Promise<ImageIntake> {
  const images = await ImageIntake.start({
    maxBytes: UPLOAD_MAX_BYTES,
    maxPixels: UPLOAD_MAX_PIXELS,
  });
  closers.push(() => images.close());
  return images;
}

interface Opened {
  readonly parts: GatewayParts;
  readonly bus: BusConnection;
  readonly drain: Drain;
}

async function serve(config: GatewayConfig, opened: Opened, closers: Closers): Promise<string> {
  const { telemetry, readiness } = opened.parts;
  // First to come and last to go: it tells that the gateway does not take requests yet, or any more.
  const ops = await OpsServer.start({
    port: config.OPS_PORT,
    telemetry,
    checks: { ...readiness.checks, http: opened.drain.check },
  });
  closers.push(() => ops.close());
  const app = await createApp(config, opened, closers);
  await app.startAllMicroservices();
  await app.listen(config.HTTP_PORT, config.HTTP_HOST);
  opened.drain.open();
  telemetry.logger.info({ port: config.HTTP_PORT }, 'listening');
  return ops.url;
}

async function createApp(
  config: GatewayConfig,
  { parts, bus, drain }: Opened,
  closers: Closers,
): Promise<NestFastifyApplication> {
  const { telemetry } = parts;
  const adapter = createHttpAdapter(telemetry, {
    corsOrigins: config.CORS_ORIGINS,
    overTls: config.PUBLIC_URL?.startsWith('https:') ?? false,
    trustedProxies: config.TRUSTED_PROXIES,
    knowsKey: keysIn(parts.pool),
  });
  const served = watchRoutes(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.of(parts), adapter, {
    logger: new NestLogger(telemetry),
    abortOnError: false,
    bodyParser: false,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  keepAnswers(fastify, app.get(Answers), telemetry);
  drain.install(fastify);
  closers.push(() =>
    drain.run({
      server: fastify.server,
      farewell: () => parts.following.close(),
      close: () => app.close(),
    }),
  );
  const expiring = [app.get(Answers), app.get(Uploads)];
  closers.push(forgetNowAndThen(expiring, FORGET_EVERY_MS, telemetry));
  closers.push(forgetNowAndThen([app.get(OrphanedUploads)], SWEEP_EVERY_MS, telemetry));
  app.connectMicroservice({
    strategy: new SafelightServer({ bus, telemetry, service: NAME, isUnavailable: isUnreachable }),
  });
  await app.init();
  checkRoutes(app, served);
  return app;
}

const FORGET_EVERY_MS = 10 * 60_000;
/** Every name in the object store is read then. */
const SWEEP_EVERY_MS = 60 * 60_000;

/** What is deleted too late costs space only; several gateways may do it at once. */
function forgetNowAndThen(
  what: readonly { forget(): Promise<void> }[],
  everyMs: number,
  { logger }: Telemetry,
): () => Promise<void> {
  const timer = setInterval(() => {
    for (const each of what) {
      each.forget().catch((error: unknown) => {
        logger.warn({ err: error }, 'what is too old could not be deleted');
      });
    }
  }, everyMs);
  return async () => clearInterval(timer);
}

function readinessOf(pool: pg.Pool, bus: BusConnection, drain: Drain): Readiness {
  const checks = {
    postgres: async () => {
      await pool.query('SELECT 1');
    },
    nats: async () => {
      await bus.nc.rtt();
    },
  };
  return new Readiness(checks, () => drain.accepting);
}

/** A port that is free now: links to outputs must name it before anything listens. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
