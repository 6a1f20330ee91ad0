import pg from 'pg';
import { watchConnection } from './connection-watch.js';
import { readers } from './readers.js';

/** Longest a statement, or a database transaction that waits for its client, may take. */
const PATIENCE_MS = 30_000;
const CONNECT_PATIENCE_MS = 10_000;
/** After the server's own limit, and the time its refusal may be under way. */
const ANSWER_WITHIN_MS = PATIENCE_MS + 5_000;
/** How long a connection may be silent before its other end is asked whether it is still there. */
const KEEPALIVE_AFTER_MS = 5_000;

/** A client whose machine vanished must not keep its locks for the two hours of the defaults. */
const KEEPALIVES =
  '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3';
const INDEXES_ONLY = ' -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

export interface PoolOptions {
  readonly url: string;
  /** Shows in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Most connections at a time; 10 by default. */
  readonly max?: number;
  /**
   * Rows are found by key, one by one: no plan scans a whole table or index, as one made while the
   * table was small would (measured: 245 rows read for each one wanted), and is kept while it grows.
   * For services whose queries all go by key.
   */
  readonly indexesOnly?: boolean;
  /** A connection that owes an answer for so long is given up, in milliseconds; 35,000 by default. */
  readonly answerWithinMs?: number;
  /** Told about a connection that broke while it was idle; the pool has replaced it already. */
  readonly onError?: (error: Error) => void;
}

/**
 * The one pool of a service. `int8` (so `count(*)` too) and `xid8` arrive as `bigint`, of this pool
 * only. Statements and idle database transactions end after 30 s. Connections that are lost, or
 * whose server may no longer write, are replaced.
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
    keepAliveInitialDelayMillis: KEEPALIVE_AFTER_MS,
    options: `${KEEPALIVES}${options.indexesOnly === true ? INDEXES_ONLY : ''}`,
    types: readers,
  });
  pool.on('connect', (client) =>
    watchConnection(client, options.answerWithinMs ?? ANSWER_WITHIN_MS),
  );
  // Without a listener a server that restarts would end this process.
  pool.on('error', (error) => options.onError?.(error));
  return pool;
}
