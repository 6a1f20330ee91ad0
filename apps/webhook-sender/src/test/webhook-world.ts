import 'reflect-metadata';
import { createSecretKey, randomBytes } from 'node:crypto';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  dispatchStream,
  jobsStream,
  listDeliveries,
  newId,
  presentJob,
  registerWebhook,
  webhookGaps,
  wordEvent,
  type JobEventType,
  type JobResource,
  type JobStatus,
} from '@safelight/contracts';
import { createEgress, type Egress } from '@safelight/egress';
import { connectBus, ensureStreams, RequestClient, SafelightServer } from '@safelight/messaging';
import type { BusConnection } from '@safelight/messaging';
import { createPool, isUnreachable, provision } from '@safelight/postgres';
import { NestLogger, startTelemetry } from '@safelight/telemetry';
import { testNats, testPostgres, type TestNats, type TestPostgres } from '@safelight/testing';
import type pg from 'pg';
import { Sender } from '../sending/sender.js';
import { webhookService } from '../service.js';
import { WebhooksModule } from '../webhooks.module.js';
import { JobsOfTest, shownJob } from './jobs.js';
import type { Receiver } from './receiver.js';

export const telemetry = startTelemetry({ service: 'test', logLevel: 'silent' });
const keyBytes = randomBytes(32);
const key = createSecretKey(keyBytes);
/** As a file holds it, for senders in processes of their own. */
export const keyText = keyBytes.toString('base64');

/** The machine's clock, put forward at will. */
export class TestClock {
  private aheadMs = 0;
  now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }
  advance(ms: number): void {
    this.aheadMs += ms;
  }
}

/** Every name leads to this machine, whose ports are open: the guard itself is tested elsewhere. */
export const egressOfTest: Egress = {
  fetch: (url, request) => openTo(url).fetch(url, request),
  check: (url, request) => openTo(url).check(url, request),
};
/** A receiver that does not answer is given up after half a second. */
export const impatient: Egress = {
  ...egressOfTest,
  fetch: (url, request) => egressOfTest.fetch(url, { ...request, timeoutMs: 500 }),
};
const openTo = (url: string): Egress =>
  createEgress({
    receivers: [`127.0.0.1:${new URL(url).port}`],
    resolve: async () => ['127.0.0.1'],
  });

/** Real servers, the neighbours of the sender, and senders. */
export class WebhookWorld {
  readonly clock = new TestClock();
  readonly jobs: JobsOfTest;
  readonly requests: RequestClient;
  /** What the gateway shows of a job; `null` for one that was deleted. */
  show: (jobId: string, status: JobStatus) => JobResource | null = shownJob;
  private senders: INestMicroservice[] = [];
  private gateway: SafelightServer | undefined;

  private constructor(
    readonly postgres: TestPostgres,
    readonly nats: TestNats,
    readonly bus: BusConnection,
    readonly pool: pg.Pool,
    readonly databaseUrl: string,
  ) {
    this.jobs = new JobsOfTest(bus, telemetry);
    this.requests = new RequestClient(bus, telemetry);
  }

  static async build(): Promise<WebhookWorld> {
    const [postgres, nats] = await Promise.all([testPostgres(), testNats()]);
    const { url: adminUrl } = await postgres.database();
    const access = { name: 'webhooks', password: 'runtime', ownerPassword: 'owner' };
    const urls = (await provision({ adminUrl, services: [access] }))['webhooks'];
    if (urls === undefined) throw new Error('nothing was provisioned');
    await webhookService.migrate(urls.migrationUrl);
    const bus = await connectBus({ url: nats.url, name: 'test', logger: telemetry.logger });
    await ensureStreams(bus, [jobsStream, dispatchStream]);
    const pool = createPool({ url: urls.url, applicationName: 'webhooks', indexesOnly: true });
    const world = new WebhookWorld(postgres, nats, bus, pool, urls.url);
    await world.gatewayUp();
    return world;
  }

  /** All deliveries of an endpoint, oldest first. */
  async deliveries({ accountId, webhookId }: { accountId: string; webhookId: string }) {
    const asked = { accountId, webhookId, limit: 100, before: null, state: null };
    const { deliveries } = await this.requests.request(listDeliveries, asked);
    return deliveries.toSorted((a, b) => a.number - b.number);
  }

  async gaps({ accountId, webhookId }: { accountId: string; webhookId: string }) {
    return this.requests.request(webhookGaps, { accountId, webhookId });
  }

  /** One more sender of this process, with its own way to the bus. */
  async sender(egress: Egress = egressOfTest): Promise<Sender> {
    const { clock, pool, bus } = this;
    const parts = { key, telemetry, pool, bus, egress, clock, putter: null };
    const app = await NestFactory.createMicroservice(WebhooksModule.of(parts), {
      strategy: new SafelightServer({
        ...{ bus, telemetry, service: 'webhooks', isUnavailable: isUnreachable },
        streams: [jobsStream],
        retryBaseMs: 10,
      }),
      logger: new NestLogger(telemetry),
      abortOnError: false,
    });
    await app.listen();
    this.senders.push(app);
    const sender = app.get(Sender);
    sender.wake();
    return sender;
  }

  async stopSenders(): Promise<void> {
    for (const app of this.senders.splice(0)) {
      await app.close();
      await app.get(Sender).close();
    }
  }

  /** Puts the clock forward and has every sender look. */
  pass(ms: number): void {
    this.clock.advance(ms);
    for (const app of this.senders) app.get(Sender).wake();
  }

  async gatewayUp(): Promise<void> {
    const { bus } = this;
    const server = new SafelightServer({ bus, telemetry, service: 'gateway', streams: [] });
    server.answer(presentJob, ({ jobId, status }) => ({ job: this.show(jobId, status) }));
    server.answer(wordEvent, ({ form, url, job }) => ({ body: { form, url, status: job.status } }));
    await new Promise<void>((resolve, reject) => {
      const done = (error?: unknown) => {
        if (error === undefined) resolve();
        else reject(new Error('the gateway of the test did not start', { cause: error }));
      };
      void server.listen(done);
    });
    this.gateway = server;
  }

  async gatewayDown(): Promise<void> {
    await this.gateway?.close();
  }

  /** An endpoint of a new account. */
  async endpoint(
    receiver: Receiver,
    events: JobEventType[] = ['job.queued', 'job.processing', 'job.completed'],
    accountId = newId('acc'),
  ) {
    const wanted = { accountId, url: receiver.url, events, description: '' };
    const { endpoint, signing } = await this.requests.request(registerWebhook, wanted);
    return { accountId, webhookId: endpoint.id, ...signing };
  }

  async close(): Promise<void> {
    await this.stopSenders();
    await this.gatewayDown();
    await this.bus.close();
    await this.pool.end();
    await Promise.all([this.postgres.stop(), this.nats.stop()]);
  }
}
