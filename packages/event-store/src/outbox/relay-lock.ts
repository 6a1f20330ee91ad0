import { survive } from '@safelight/postgres';
import type pg from 'pg';

/** The connection that makes this process the schema's one active relay for as long as it lives. */
export interface RelayLock {
  readonly client: pg.PoolClient;
  /** Ends the connection, and with it the lock. */
  release(): void;
}

/** @returns `undefined` while another process holds the lock */
export async function takeRelayLock(pool: pg.Pool, schema: string): Promise<RelayLock | undefined> {
  const client = await pool.connect();
  const guard = survive(client);
  const release = () => {
    guard();
    client.release(true);
  };
  try {
    const { rows } = await client.query<{ taken: boolean }>({
      text: 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken',
      values: [`safelight relay ${schema}`],
    });
    if (rows[0]?.taken) return { client, release };
  } catch (error) {
    release();
    throw error;
  }
  guard();
  client.release();
  return undefined;
}
