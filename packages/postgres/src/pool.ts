import pg from 'pg';

/** Longest a statement, or a database transaction that waits for its client, may take. */
const PATIENCE_MS = 30_000;
const CONNECT_PATIENCE_MS = 10_000;

export interface PoolOptions {
  readonly url: string;
  /** Shows in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Most connections at a time; 10 by default. */
  readonly max?: number;
  /** Told about a connection that broke while it was idle; the pool has replaced it already. */
  readonly onError?: (error: Error) => void;
}

/** Object ids of `int8` and `xid8` in pg_type. */
const BIGINTS: ReadonlySet<number> = new Set([20, 5069]);

type Parser = (text: string) => unknown;

// The library's types list the object ids it knows; a server may send any.
const parserOf = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parser;

// Not pg.types.setTypeParser: that would change every pool of the process.
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): Parser =>
    format !== 'binary' && BIGINTS.has(oid) ? BigInt : parserOf(oid, format),
};

/**
 * The one pool of a service. `int8` (so `count(*)` too) and `xid8` arrive as `bigint`, of this pool
 * only. Statements and idle database transactions end after 30 s. Queries that a caller sends without
 * awaiting the one before travel together (libpq's pipeline mode).
 */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.max ?? 10,
    statement_timeout: PATIENCE_MS,
    idle_in_transaction_session_timeout: PATIENCE_MS,
    connectionTimeoutMillis: CONNECT_PATIENCE_MS,
    keepAlive: true,
    // A client whose machine vanished must not keep its locks for the two hours of the defaults.
    options: '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3',
    pipeline: true,
    types,
  });
  // Without a listener a server that restarts would end this process.
  pool.on('error', (error) => options.onError?.(error));
  return pool;
}
