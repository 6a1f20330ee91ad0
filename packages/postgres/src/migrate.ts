import type pg from 'pg';
import type { MigrationInterface } from 'typeorm';
import { waitWithoutLimit } from './connection-watch.js';
import { dataSourceOver } from './data-source.js';
import { assertName } from './names.js';
import { createPool } from './pool.js';
import { survive } from './transaction.js';

/** A TypeORM migration; its `name` ends in a millisecond timestamp, by which they are ordered. */
export type MigrationClass = new () => MigrationInterface;

export interface MigrateOptions {
  /** Connects as the schema's owner. */
  readonly url: string;
  readonly schema: string;
  readonly migrations: readonly MigrationClass[];
}

/**
 * Brings a schema up to date, each migration in a database transaction of its own, recorded in
 * `<schema>.migrations`. Instances that start at the same moment take turns.
 *
 * @throws the failing migration's error; those before it stay
 */
export async function migrate({ url, schema, migrations }: MigrateOptions): Promise<void> {
  assertName(schema);
  const pool = createPool({ url, applicationName: `${schema} migrate`, max: 2 });
  try {
    await withLock(pool, `safelight migrate ${schema}`, async () => {
      const source = await dataSourceOver(pool, {
        schema,
        migrations: [...migrations],
        migrationsTableName: 'migrations',
        migrationsTransactionMode: 'each',
      });
      await source.runMigrations();
      await source.destroy();
    });
  } finally {
    await pool.end();
  }
}

/** Holds an advisory lock of this database, waiting for it without limit, while `run` works. */
export async function withLock<T>(pool: pg.Pool, name: string, run: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const guard = survive(client);
  try {
    await waitWithoutLimit(client);
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
    return await run();
  } finally {
    guard();
    // Ending the connection frees the lock, whatever state it is in.
    client.release(true);
  }
}
