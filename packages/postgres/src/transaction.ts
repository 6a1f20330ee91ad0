import type pg from 'pg';

/**
 * Runs `run` inside one database transaction on one connection: COMMIT when it resolves, ROLLBACK
 * when it rejects. A connection that cannot even roll back is thrown away, not returned to the pool.
 *
 * @throws what `run` threw; or the error of COMMIT, after which the outcome is unknown if the
 *   connection was lost
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  run: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  const guard = survive(client);
  try {
    await client.query('BEGIN');
    const result = await run(client);
    await commit(client);
    client.release();
    return result;
  } catch (error) {
    await rollback(client);
    throw error;
  } finally {
    guard();
  }
}

/** @throws when PostgreSQL answers COMMIT with ROLLBACK, because a statement had failed unseen */
export async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') {
    throw new Error('The database transaction was rolled back: a statement in it had failed.');
  }
}

/** Rolls back and gives the connection back, or throws it away when that fails. Never rejects. */
export async function rollback(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('ROLLBACK');
    client.release();
  } catch (error) {
    client.release(error as Error);
  }
}

/**
 * Keeps the process alive when the server ends a borrowed connection between two queries: the
 * pool listens only to idle ones. The next query on it fails, which is how its user hears of it.
 *
 * @returns call it once the connection is given back
 */
export function survive(client: pg.PoolClient): () => void {
  const ignore = () => undefined;
  client.on('error', ignore);
  return () => void client.off('error', ignore);
}
