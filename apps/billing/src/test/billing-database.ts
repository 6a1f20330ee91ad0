import { migrate, provision } from '@safelight/postgres';
import { testPostgres, type TestPostgres } from '@safelight/testing';
import { migrations, schema } from '../migrations/index.js';

export interface BillingDatabase {
  /** Of the runtime role. */
  readonly url: string;
  /** Of the schema's owner. */
  readonly ownerUrl: string;
  readonly adminUrl: string;
}

export interface BillingDatabases {
  /** A migrated database of its own. */
  create(): Promise<BillingDatabase>;
  /** Of the server, for measuring it. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** A PostgreSQL of one’s own, for databases as the billing service finds them; not durable. */
export async function billingDatabases(
  settings: Readonly<Record<string, string>> = {},
): Promise<BillingDatabases> {
  const postgres = await testPostgres(settings);
  return {
    create: () => createDatabase(postgres),
    pid: postgres.server.pid,
    stop: () => postgres.stop(),
  };
}

async function createDatabase(postgres: TestPostgres): Promise<BillingDatabase> {
  const { url: adminUrl } = await postgres.database();
  const service = { name: 'billing', password: 'runtime', ownerPassword: 'owner' };
  const { billing } = await provision({ adminUrl, services: [service] });
  if (!billing) throw new Error('billing was not provisioned');
  await migrate({ url: billing.migrationUrl, schema, migrations });
  return { url: billing.url, ownerUrl: billing.migrationUrl, adminUrl };
}
