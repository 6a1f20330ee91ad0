import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { WEBHOOKS_NOTICE_SUBJECT } from '@safelight/contracts';
import { createEgress, type Egress } from '@safelight/egress';
import { connectBus, SafelightServer } from '@safelight/messaging';
import { createPool, isUnreachable, migrate } from '@safelight/postgres';
import {
  assembleService,
  NestLogger,
  OpsServer,
  type Closers,
  type RunningService,
  type ServiceDefinition,
  type ServiceOverrides,
} from '@safelight/telemetry';
import { machineClock, type Clock } from './clock.js';
import { readWebhookConfig, type WebhookConfig } from './config.js';
import { migrations, schema } from './migrations/index.js';
import { forgetNowAndThen } from './retention.js';
import { Sender } from './sending/sender.js';
import { readWebhookKey } from './signing/webhook-key.js';
import { Copier } from './storage/copier.js';
import { egressTo, ObjectPutter } from './storage/put-object.js';
import { readS3Identity, type S3Identity } from './storage/s3-identity.js';
import { WebhooksModule, type WebhookParts } from './webhooks.module.js';

const name = 'webhooks';
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What whoever composes the process may put in place of the world outside. No variable can: a
 * deployment sends to public addresses alone.
 */
export interface WebhookSurroundings {
  readonly egress?: Egress;
  /** The door to customers' buckets. */
  readonly storageEgress?: (identity: S3Identity) => Egress;
  readonly clock?: Clock;
}

/** Webhooks: where events go, what they are signed with, and the sending. Any number may run. */
export const webhookService: ServiceDefinition = {
  name,
  migrate: (url) => migrate({ url, schema, migrations }),
  start: (env, overrides) => startWebhooks(env, overrides),
};

export async function startWebhooks(
  env: Environment,
  overrides?: ServiceOverrides,
  {
    egress = createEgress(),
    clock = machineClock,
    storageEgress = egressTo,
  }: WebhookSurroundings = {},
): Promise<RunningService> {
  const config = readWebhookConfig(env);
  const key = await readWebhookKey(config.WEBHOOK_KEY_FILE);
  const identity = await readS3Identity(config);
  const putter = identity && new ObjectPutter(identity, storageEgress(identity), clock);
  return assembleService({
    service: name,
    config,
    overrides,
    assemble: async (telemetry, closers) => {
      const parts = await open(config, { key, telemetry, egress, clock, putter }, closers);
      return { opsUrl: await serve(config, parts, closers) };
    },
  });
}

async function open(
  config: WebhookConfig,
  given: Omit<WebhookParts, 'pool' | 'bus'>,
  closers: Closers,
): Promise<WebhookParts> {
  const { logger } = given.telemetry;
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

/** Closing runs backwards: no new messages, then what is being sent is finished. */
async function serve(config: WebhookConfig, parts: WebhookParts, closers: Closers) {
  const { telemetry, pool, bus, clock } = parts;
  const app = await NestFactory.createMicroservice(WebhooksModule.of(parts), {
    strategy: new SafelightServer({ bus, telemetry, service: name, isUnavailable: isUnreachable }),
    logger: new NestLogger(telemetry),
    abortOnError: false,
  });
  const sender = app.get(Sender);
  const copier = app.get<Copier | null>(Copier);
  closers.push(async () => copier?.close());
  closers.push(() => sender.close());
  closers.push(
    forgetNowAndThen(pool, clock, (err) => telemetry.logger.warn({ err }, 'nothing was forgotten')),
  );
  await app.listen();
  closers.push(() => app.close());
  const calls = bus.nc.subscribe(WEBHOOKS_NOTICE_SUBJECT, { callback: () => sender.called() });
  closers.push(async () => calls.unsubscribe());
  sender.wake();
  copier?.wake();
  const checks = {
    postgres: async () => {
      await pool.query('select 1');
    },
    nats: () => bus.nc.flush(),
  };
  const ops = await OpsServer.start({ port: config.OPS_PORT, telemetry, checks });
  closers.push(() => ops.close());
  return ops.url;
}
