import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import {
  endedAmong,
  findAccepted,
  getTimeline,
  listModels,
  priceItems,
  readLifetimePaid,
  retryJob,
  submitJob,
} from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { connectBus, SafelightServer, type BusConnection } from '@safelight/messaging';
import { FileObjectStore } from '@safelight/object-store';
import { startTelemetry } from '@safelight/telemetry';
import { testNats } from '@safelight/testing';
import type { z } from 'zod';
import { gatewayService, type RunningGateway } from '../service.js';
import type { GatewayDatabase } from './gateway-database.js';

type Submission = z.output<typeof submitJob.request>;
const telemetry = startTelemetry({ service: 'fake-orchestrator', logLevel: 'silent' });

/** A gateway that listens, with an orchestrator behind it that only writes down what it is told. */
export interface GatewayUnderTest {
  url: string;
  store: FileObjectStore;
  /** The folder of that. */
  folder: string;
  /** What reached the orchestrator, oldest first. */
  submissions: Submission[];
  /** Every submission is refused with this code. */
  refusing: string | undefined;
  /** What the account has paid so far, by billing's word. */
  paidCents: number;
  /** What workers serve, by the dispatcher's word; the gateway asks every two seconds at most. */
  offers: z.input<typeof listModels.reply>['models'];
  /** What the workers of any pool of an account's serve. */
  poolOffers: z.input<typeof listModels.reply>['models'];
}

/** There once `beforeAll` has run. */
export function runningGateway(
  database: GatewayDatabase,
  settings: Readonly<Record<string, string>> = {},
): GatewayUnderTest {
  const gateway = {
    submissions: [],
    refusing: undefined,
    paidCents: 0,
    offers: [],
    poolOffers: [],
  } as unknown as GatewayUnderTest;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    const nats = await testNats();
    closers.push(() => nats.stop());
    const folder = await mkdtemp(join(tmpdir(), 'safelight-gateway-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const { logger } = telemetry;
    const bus = await connectBus({ url: nats.url, name: 'fake-orchestrator', logger });
    closers.push(() => bus.close());
    closers.push(await answerSubmissions(bus, gateway));
    const running: RunningGateway = await gatewayService.start({
      ...{ NATS_URL: nats.url, DATABASE_URL: database.url, LOG_LEVEL: 'silent', OPS_PORT: '0' },
      ...{ HTTP_PORT: '0', HTTP_HOST: '127.0.0.1', OBJECT_STORE_DIR: folder },
      URL_SIGNING_SECRET: randomBytes(32).toString('base64'),
      ...settings,
    });
    closers.push(() => running.close());
    gateway.url = running.url;
    gateway.folder = folder;
    gateway.store = new FileObjectStore(folder);
  }, 60_000);
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  }, 60_000);
  return gateway;
}

async function answerSubmissions(bus: BusConnection, gateway: GatewayUnderTest) {
  const server = new SafelightServer({ bus, telemetry, service: 'orchestrator', streams: [] });
  const accepted = {
    ...{ status: 'pending' as const, priceMicros: 1n, availableMicros: 1n },
    ...{ etaSeconds: 1, queuePosition: 0 },
  };
  server.answer(submitJob, (submission) => {
    gateway.submissions.push(submission);
    if (gateway.refusing !== undefined) throw new DomainError(gateway.refusing);
    return accepted;
  });
  server.answer(findAccepted, ({ jobId }) => {
    const earlier = gateway.submissions.find((one) => one.jobId === jobId);
    return { found: earlier === undefined ? null : { accepted, metadata: earlier.metadata } };
  });
  server.answer(priceItems, ({ items }) => ({
    priceVersion: 'one',
    prices: items.map(() => ({ priceMicros: 1_000_000n, lines: [] })),
  }));
  server.answer(listModels, ({ of }) => ({
    models: of === undefined ? gateway.offers : gateway.poolOffers,
  }));
  // No job ever ends.
  server.answer(endedAmong, () => ({ ended: [] }));
  server.answer(getTimeline, () => ({ ended: false, events: [] }));
  server.answer(readLifetimePaid, () => ({ lifetimePaidCents: gateway.paidCents }));
  server.answer(retryJob, () => {
    throw new DomainError('job.not_failed', { status: 'completed' });
  });
  await new Promise<void>((resolve, reject) => {
    void server.listen((error) => {
      if (error === undefined) resolve();
      else reject(new Error('the fake orchestrator cannot listen', { cause: error }));
    });
  });
  return () => server.close();
}
