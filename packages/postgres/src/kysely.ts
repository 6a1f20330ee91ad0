import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Dialect,
  type PostgresPoolClient,
  type RawBuilder,
} from 'kysely';
import pg from 'pg';
import type { Statement } from './transact.js';

/**
 * Kysely over the service's pool, or bound to one connection inside a database transaction that
 * somebody else opened and will end. Bound so, `transaction()` is refused: an inner COMMIT would
 * commit the outer work.
 */
export function kyselyOn<DB>(source: pg.Pool | pg.PoolClient): Kysely<DB> {
  const driver = source instanceof pg.Pool ? () => poolDriver(source) : () => boundDriver(source);
  return new Kysely<DB>({ dialect: dialectWith(driver) });
}

const dialectWith = (createDriver: Dialect['createDriver']): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver,
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
});

/** Without a database: writes SQL and runs none. */
const writer = new Kysely<never>({ dialect: dialectWith(() => new DummyDriver()) });

/** SQL that depends on what is asked for, as a statement without a name. */
export function statementOf(query: RawBuilder<unknown>): Statement {
  const { sql: text, parameters: values } = query.compile(writer);
  return { name: '', text, values };
}

const poolDriver = (pool: pg.Pool) =>
  // The service owns the pool: Kysely's destroy() must not end it.
  new PostgresDriver({
    pool: { options: pool.options, connect: () => pool.connect(), end: async () => undefined },
  });

const boundDriver = (client: pg.PoolClient) => {
  const borrowed = {
    query: client.query.bind(client),
    release: () => undefined,
  } as unknown as PostgresPoolClient;
  return new BoundDriver({
    pool: { options: {}, connect: async () => borrowed, end: async () => undefined },
  });
};

class BoundDriver extends PostgresDriver {
  override beginTransaction(): Promise<void> {
    return Promise.reject(
      new Error('This Kysely already runs inside a database transaction: do not begin another.'),
    );
  }
}
