import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { dispatchStream, jobEnded, jobsStream } from '@safelight/contracts';
import type { BusConnection } from '@safelight/messaging';
import { connectBus, ensureStreams, RequestClient } from '@safelight/messaging';
import type { ObjectStore } from '@safelight/object-store';
import { FileObjectStore } from '@safelight/object-store';
import { createPool, provision } from '@safelight/postgres';
import type { RunningService, Telemetry } from '@safelight/telemetry';
import { startTelemetry } from '@safelight/telemetry';
import { testNats, testPostgres } from '@safelight/testing';
import type pg from 'pg';
import type { z } from 'zod';
import { createContentKey } from '../content/content-key.js';
import { orchestratorService } from '../service.js';
import { FakeBilling, FakeDispatch, fakeModeration } from './fake-neighbours.js';
import type { FakeService } from './fake-service.js';

export type Ended = z.output<typeof jobEnded.data>;

const ROLE = { name: 'orchestrator', password: 'runtime', ownerPassword: 'owner' };

/** Real PostgreSQL and NATS, faked neighbours, and any number of orchestrators between them. */
export interface Fixture {
  readonly bus: BusConnection;
  readonly client: RequestClient;
  readonly telemetry: Telemetry;
  readonly moderation: FakeService;
  /** The digests of the pictures that came with each job. */
  readonly screened: Map<string, readonly (readonly string[])[]>;
  readonly billing: FakeBilling;
  readonly dispatch: FakeDispatch;
  /** As superuser. */
  readonly admin: pg.Pool;
  /** Of the service's own role. */
  readonly databaseUrl: string;
  /** What workers and gateways put down. */
  readonly store: ObjectStore;
  /** The folder of that. */
  readonly objects: string;
  /** Everything that the orchestrators logged. */
  readonly logged: () => string;
  /** All `jobs.ended` seen so far, as often as they were published. */
  readonly ends: Ended[];
  start(env?: Record<string, string>): Promise<RunningService>;
  stop(): Promise<void>;
}

export async function startFixture(): Promise<Fixture> {
  const [postgres, nats] = await Promise.all([testPostgres(), testNats()]);
  const { url } = await postgres.database();
  const urls = (await provision({ adminUrl: url, services: [ROLE] }))[ROLE.name]!;
  await orchestratorService.migrate(urls.migrationUrl);
  const folder = await mkdtemp(join(tmpdir(), 'safelight-orchestrator-'));
  const keyFile = join(folder, 'content-key');
  await writeFile(keyFile, createContentKey());
  const objects = join(folder, 'objects');

  const lines: string[] = [];
  const logDestination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const telemetry = startTelemetry({ service: 'test', logDestination, logLevel: 'debug' });
  const bus = await connectBus({ url: nats.url, name: 'test', logger: telemetry.logger });
  await ensureStreams(bus, [jobsStream, dispatchStream]);
  const screened: Fixture['screened'] = new Map();
  const neighbours = {
    moderation: fakeModeration(bus, telemetry, screened),
    billing: new FakeBilling(bus, telemetry),
    dispatch: new FakeDispatch(bus, telemetry),
  };
  await Promise.all([
    neighbours.moderation.up(),
    neighbours.billing.service.up(),
    neighbours.dispatch.service.up(),
  ]);
  const ends: Ended[] = [];
  bus.nc.subscribe(jobEnded.subject, {
    callback: (_error, message) => {
      ends.push(jobEnded.data.parse(message.json<{ data: unknown }>().data));
    },
  });
  const admin = createPool({ url, applicationName: 'test' });
  const running = new Set<RunningService>();
  const start = async (env: Record<string, string> = {}) => {
    const service = await orchestratorService.start(
      {
        DATABASE_URL: urls.url,
        NATS_URL: nats.url,
        CONTENT_KEY_FILE: keyFile,
        OBJECT_STORE_DIR: objects,
        LOG_LEVEL: 'debug',
        ...env,
      },
      { logDestination },
    );
    running.add(service);
    return service;
  };
  const stop = async () => {
    for (const service of running) await service.close();
    await bus.close();
    await admin.end();
    await Promise.all([postgres.stop(), nats.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
  const client = new RequestClient(bus, telemetry);
  const logged = () => lines.join('');
  const store = new FileObjectStore(objects);
  const databaseUrl = urls.url;
  const pools = { admin, databaseUrl };
  return {
    bus,
    client,
    telemetry,
    ...neighbours,
    screened,
    ...pools,
    store,
    objects,
    logged,
    ends,
    start,
    stop,
  };
}
