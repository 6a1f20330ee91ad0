import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { createPool, migrate, provision } from '@safelight/postgres';
import { testPostgres, type TestPostgres } from '@safelight/testing';
import type pg from 'pg';
import type { AppendUnit } from '../append/unit.js';
import { eventStoreMigration } from '../migration.js';
import { context, happened } from './recorded-examples.js';

export { context, happened };

export const schema = 'orchestrator';

/** A database with an event store in it, and pools for those who use it. */
export interface StoreDatabase {
  readonly postgres: TestPostgres;
  /** What the service itself may do. */
  readonly runtime: pg.Pool;
  readonly owner: pg.Pool;
  readonly admin: pg.Pool;
  readonly runtimeUrl: string;
}

/** Gives a test file a database of its own; it is there once `beforeAll` has run. */
export function storeDatabase(): StoreDatabase {
  const database = {} as { -readonly [Key in keyof StoreDatabase]: StoreDatabase[Key] };
  beforeAll(async () => {
    database.postgres = await testPostgres();
    const { url: adminUrl } = await database.postgres.database();
    const services = [{ name: schema, password: 'runtime', ownerPassword: 'owner' }];
    const { [schema]: urls } = await provision({ adminUrl, services });
    if (!urls) throw new Error('nothing was provisioned');
    const migrations = [eventStoreMigration(schema, `safelight_${schema}`)];
    await migrate({ url: urls.migrationUrl, schema, migrations });
    database.runtimeUrl = urls.url;
    database.runtime = createPool({ url: urls.url, applicationName: 'runtime', max: 30 });
    database.owner = createPool({ url: urls.migrationUrl, applicationName: 'owner' });
    database.admin = createPool({ url: adminUrl, applicationName: 'admin' });
  });
  afterAll(async () => {
    await Promise.all([database.runtime.end(), database.owner.end(), database.admin.end()]);
    await database.postgres.stop();
  });
  return database;
}

export const newId = (prefix: string): string => `${prefix}-${randomUUID()}`;

/** A unit that appends one event to a new stream, unless told otherwise. */
export function unitOf(parts: Partial<AppendUnit> = {}): AppendUnit {
  return {
    streamId: newId('job'),
    expectedVersion: 0,
    commandId: newId('command'),
    events: [happened('first')],
    context,
    ...parts,
  };
}
