import { createPool, survive, waitWithoutLimit } from '@safelight/postgres';
import type pg from 'pg';
import { beginEpoch, POOL } from './epoch.js';

/** The time in which this process leads the pool. */
export interface Reign {
  readonly epoch: number;
  /** Resolves when the connection that holds the lock is gone: somebody else may lead now. */
  readonly lost: Promise<void>;
  /** Gives the lock back. */
  release(): Promise<void>;
}

export interface LeadershipOptions {
  readonly url: string;
  /** Called when another process leads and this one waits for its turn. */
  readonly onStandby: () => void;
}

/** SQL of the key of the lock that the leader holds. */
export const LOCK = `hashtextextended('safelight dispatch ${POOL}', 0)`;

/**
 * Waits until no other process leads the pool, blocked on an advisory lock that a connection of its
 * own holds, then begins a new epoch.
 *
 * @throws the database's error; the signal's reason when it aborts the wait
 */
export async function lead(options: LeadershipOptions, signal: AbortSignal): Promise<Reign> {
  const pool = createPool({ url: options.url, applicationName: 'dispatch leadership', max: 1 });
  const client = await connect(pool);
  // A connection with a lock is never given back, only ended: that frees the lock for certain.
  const end = async () => {
    if (!pool.ending) await pool.end();
  };
  const lost = new Promise<void>((resolve) => {
    client.once('end', resolve);
    client.once('error', () => resolve());
  });
  survive(client);
  const release = once(async () => {
    cutOff(client);
    client.release(true);
    await end();
  });
  const abort = () => void release();
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    await lock(client, options.onStandby);
    return { epoch: await beginEpoch(client), lost, release };
  } catch (error) {
    await release();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Closes the socket at once: the driver's own `end` would wait for the answer to a query that may be
 * waiting for the lock for days. The server notices, and frees what the connection held.
 */
function cutOff(client: pg.PoolClient): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
  connection.stream.destroy();
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    await pool.end();
    throw error;
  }
}

async function lock(client: pg.PoolClient, onStandby: () => void): Promise<void> {
  // Waiting takes as long as the other one lives; should we die first, the server is to notice.
  await waitWithoutLimit(client);
  const { rows } = await client.query<{ taken: boolean }>(
    `select pg_try_advisory_lock(${LOCK}) as taken`,
  );
  if (rows[0]?.taken === true) return;
  onStandby();
  await client.query(`select pg_advisory_lock(${LOCK})`);
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}
