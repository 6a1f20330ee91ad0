import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BusConnection } from '@safelight/messaging';
import { connectBus, RequestClient } from '@safelight/messaging';
import { FileObjectStore } from '@safelight/object-store';
import { createPool, provision } from '@safelight/postgres';
import type { RunningService, ServiceDefinition, Telemetry } from '@safelight/telemetry';
import { startTelemetry } from '@safelight/telemetry';
import type { TestNats, TestPostgres } from '@safelight/testing';
import { testNats, testPostgres } from '@safelight/testing';
import type pg from 'pg';
import { createReceiptKey } from '../decisions/receipt-signer.js';
import { createCaseKey } from '../trust/case-key.js';
import { moderationServiceWith } from '../service.js';
import { fictionalPerson } from './refused-requests.js';
import { markerClassifier } from './test-images.js';

export const knownImageDigest = 'e'.repeat(64);

/** Everything moderation needs, for real: PostgreSQL, NATS, files; and a client that asks it. */
export class ModerationWorld {
  private readonly running: RunningService[] = [];

  private constructor(
    readonly postgres: TestPostgres,
    readonly nats: TestNats,
    readonly folder: string,
    readonly env: Readonly<Record<string, string>>,
    readonly ownerPool: pg.Pool,
    private readonly asker: { telemetry: Telemetry; bus: BusConnection },
  ) {}

  static async start(): Promise<ModerationWorld> {
    const [postgres, nats] = await Promise.all([testPostgres(), testNats()]);
    const folder = await mkdtemp(join(tmpdir(), 'safelight-moderation-'));
    const service = { name: 'moderation', password: 'runtime', ownerPassword: 'owner' };
    const { url: adminUrl } = await postgres.database();
    const { moderation } = await provision({ adminUrl, services: [service] });
    if (!moderation) throw new Error('moderation was not provisioned');
    await definition.migrate(moderation.migrationUrl);
    const file = async (name: string, text: string) => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    };
    const env = {
      DATABASE_URL: moderation.url,
      NATS_URL: nats.url,
      LOG_LEVEL: 'silent',
      OBJECT_STORE_DIR: join(folder, 'objects'),
      RECEIPT_KEY_FILE: await file('receipt-key.pem', createReceiptKey()),
      CASE_KEY_FILE: await file('case-key', createCaseKey()),
      KNOWN_IMAGES_FILE: await file('known-images', knownImageDigest),
      NAMED_PEOPLE_FILE: await file('named-people', fictionalPerson),
    };
    const telemetry = startTelemetry({ service: 'test', logLevel: 'silent' });
    const bus = await connectBus({ url: nats.url, name: 'test', logger: telemetry.logger });
    const ownerPool = createPool({ url: moderation.migrationUrl, applicationName: 'test' });
    return new ModerationWorld(postgres, nats, folder, env, ownerPool, { telemetry, bus });
  }

  get client(): RequestClient {
    return new RequestClient(this.asker.bus, this.asker.telemetry);
  }

  get bus(): BusConnection {
    return this.asker.bus;
  }

  get telemetry(): Telemetry {
    return this.asker.telemetry;
  }

  get store(): FileObjectStore {
    return new FileObjectStore(join(this.folder, 'objects'));
  }

  async runService(env: Readonly<Record<string, string>> = this.env): Promise<RunningService> {
    const service = await definition.start(env);
    this.running.push(service);
    return service;
  }

  async decisions(where: string, ...values: string[]): Promise<Record<string, unknown>[]> {
    const text = `select * from moderation.decisions where ${where}`;
    return (await this.ownerPool.query<Record<string, unknown>>(text, values)).rows;
  }

  /** Ends every connection to the database and lets no new one in, until undone. */
  async databaseGone(gone: boolean): Promise<void> {
    const name = new URL(this.env['DATABASE_URL'] ?? '').pathname.slice(1);
    const admin = createPool({ url: this.postgres.adminUrl, applicationName: 'test admin' });
    await admin.query(`alter database "${name}" with allow_connections ${String(!gone)}`);
    const others = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1';
    if (gone) await admin.query(others, [name]);
    await admin.end();
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.map((service) => service.close()));
    await this.asker.bus.close();
    await this.asker.telemetry.shutdown();
    await this.ownerPool.end();
    await Promise.all([this.postgres.stop(), this.nats.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

const definition: ServiceDefinition = moderationServiceWith([markerClassifier]);
