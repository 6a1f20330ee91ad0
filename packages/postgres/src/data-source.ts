import type pg from 'pg';
import type { DataSource, DataSourceOptions } from 'typeorm';

type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

/** What a service may choose; connection and driver are given. */
export type RecordOptions = Pick<
  PostgresOptions,
  'entities' | 'schema' | 'migrations' | 'migrationsTableName' | 'migrationsTransactionMode'
>;

type Done = (error?: Error) => void;

/**
 * TypeORM over the service's pool, initialised. `destroy()` leaves the pool open: it belongs to the
 * service.
 *
 * @throws what the database answers when it cannot be reached
 */
export async function dataSourceOver(pool: pg.Pool, options: RecordOptions): Promise<DataSource> {
  // Most services use it for nothing but their migrations: no process that serves has to load it.
  const { DataSource: TypeOrm } = await import('typeorm');
  const source = new TypeOrm({
    ...options,
    type: 'postgres',
    driver: driverOver(pool),
    // Ours need no extension, and a service's role may not create any.
    installExtensions: false,
    synchronize: false,
    // What fails is thrown; nothing is printed past the service's logger.
    logging: false,
    logger: 'debug',
  });
  return source.initialize();
}

/** TypeORM makes its pool with `new driver.Pool(…)`; a constructor may return another object. */
function driverOver(pool: pg.Pool) {
  const shared = {
    options: pool.options,
    on: (event: 'error', listener: (error: Error) => void) => pool.on(event, listener),
    connect: pool.connect.bind(pool),
    end: (done: Done) => done(),
  };
  return {
    Pool: function Pool() {
      return shared;
    },
  };
}
