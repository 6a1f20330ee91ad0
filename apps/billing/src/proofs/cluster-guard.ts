import type pg from 'pg';
import { RestoredIntoYoungerCluster } from './sealer.js';

/**
 * Transaction numbers belong to a database cluster. Restored by a dump into a younger one, the ledger
 * would go on below its own horizon, and its new transactions would never be sealed.
 *
 * @throws RestoredIntoYoungerCluster
 */
export async function refuseYoungerCluster(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ ahead: boolean }>(
    `select coalesce((select written_by from billing.transactions
       order by written_by desc limit 1) >= pg_snapshot_xmax(pg_current_snapshot()), false)
     or coalesce((select horizon from billing.ledger_blocks
       order by height desc limit 1) > pg_snapshot_xmax(pg_current_snapshot()), false) as ahead`,
  );
  if (rows[0]?.ahead === true) throw new RestoredIntoYoungerCluster();
}
