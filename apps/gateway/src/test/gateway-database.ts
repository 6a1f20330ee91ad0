import { afterAll, beforeAll } from '@jest/globals';
import { newId } from '@safelight/contracts';
import { createPool, migrate, provision } from '@safelight/postgres';
import { testPostgres, type TestPostgres } from '@safelight/testing';
import type pg from 'pg';
import { scopes } from '../admission/scope.js';
import { digestOf, newApiKey } from '../keys/api-key.js';
import { migrations } from '../migrations/index.js';

/** The gateway's tables in a database of their own. */
export interface GatewayDatabase {
  readonly postgres: TestPostgres;
  readonly url: string;
  /** What the gateway itself may do. */
  readonly pool: pg.Pool;
  /** What it may not do: as an operator. */
  readonly admin: pg.Pool;
}

/** There once `beforeAll` has run. */
export function gatewayDatabase(): GatewayDatabase {
  const database = {} as { -readonly [Key in keyof GatewayDatabase]: GatewayDatabase[Key] };
  beforeAll(async () => {
    database.postgres = await testPostgres();
    const { url: adminUrl } = await database.postgres.database();
    const services = [{ name: 'gateway', password: 'runtime', ownerPassword: 'owner' }];
    const { gateway: urls } = await provision({ adminUrl, services });
    if (!urls) throw new Error('nothing was provisioned');
    await migrate({ url: urls.migrationUrl, schema: 'gateway', migrations });
    database.url = urls.url;
    database.pool = createPool({ url: urls.url, applicationName: 'gateway' });
    database.admin = createPool({ url: adminUrl, applicationName: 'admin' });
  });
  afterAll(async () => {
    await Promise.all([database.pool.end(), database.admin.end()]);
    await database.postgres.stop();
  });
  return database;
}

export interface TestKey {
  readonly accountId: string;
  readonly keyId: string;
  readonly apiKey: string;
}

export interface PlanLimits {
  readonly keyPerMinute?: number;
  readonly accountPerMinute?: number;
  readonly openJobsMax?: number | null;
  readonly runningJobsMax?: number | null;
  readonly weight?: number;
}

/** An account on a plan of its own, with one key for each name. */
export async function accountWith(
  { admin }: GatewayDatabase,
  limits: PlanLimits = {},
): Promise<TestKey> {
  const accountId = newId('acc');
  const { keyPerMinute = 1_000_000, accountPerMinute = 1_000_000, openJobsMax = null } = limits;
  const { runningJobsMax = null, weight = 1 } = limits;
  const plan = [accountId, keyPerMinute, accountPerMinute, openJobsMax, runningJobsMax, weight];
  await admin.query('INSERT INTO gateway.plans VALUES ($1, $2, $3, $4, $5, $6)', plan);
  await admin.query(`INSERT INTO gateway.accounts (id, name, plan) VALUES ($1, 'test', $1)`, [
    accountId,
  ]);
  return keyOf(admin, accountId);
}

/** Another key of the account. */
export async function keyOf(admin: pg.Pool, accountId: string): Promise<TestKey> {
  const keyId = newId('key');
  const apiKey = newApiKey('live');
  await admin.query(
    'INSERT INTO gateway.api_keys (id, account_id, digest, scopes) VALUES ($1, $2, $3, $4)',
    [keyId, accountId, digestOf(apiKey), scopes],
  );
  return { accountId, keyId, apiKey };
}
