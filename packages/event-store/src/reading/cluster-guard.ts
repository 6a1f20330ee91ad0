import type pg from 'pg';
import { RestoredIntoYoungerCluster } from '../faults.js';

const text = (schema: string): string => `
  SELECT coalesce(max(transaction_id) >= pg_snapshot_xmax(pg_current_snapshot()), false) AS ahead
  FROM ${schema}.events`;

/**
 * Transaction numbers belong to a database cluster. After a dump was restored into a younger one,
 * the recorded numbers lie in the future and readers would wait for them for ever, unseen.
 *
 * @throws RestoredIntoYoungerCluster
 */
export async function refuseYoungerCluster(pool: pg.Pool, schema: string): Promise<void> {
  const { rows } = await pool.query<{ ahead: boolean }>(text(schema));
  if (rows[0]?.ahead) throw new RestoredIntoYoungerCluster(schema);
}
