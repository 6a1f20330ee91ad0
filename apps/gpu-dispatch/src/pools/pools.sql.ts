import { transact, type Statement } from '@safelight/postgres';
import type pg from 'pg';
import { requireEpoch } from '../leadership/epoch.js';
import type { Pool, PoolPast } from './pool.js';

const columns = `p.name, p.account_id as "accountId", p.from_zero as "fromZero",
  p.workers_min as min, p.workers_max as max, p.buffer,
  p.target_wait_seconds as "targetWaitSeconds", p.idle_seconds as "idleSeconds"`;

/** The pools that an operator has described, by name. */
export async function readPools(pool: pg.Pool): Promise<Pool[]> {
  const { rows } = await pool.query<Pool>(
    `select ${columns} from dispatch.pools p order by p.name`,
  );
  return rows;
}

/** Describes a pool, or describes it anew. */
export async function writePool(pool: pg.Pool, described: Pool): Promise<void> {
  const { name, accountId, fromZero, min, max, buffer, targetWaitSeconds, idleSeconds } = described;
  await pool.query(
    `insert into dispatch.pools (name, account_id, from_zero, workers_min, workers_max, buffer,
       target_wait_seconds, idle_seconds)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (name) do update set account_id = $2, from_zero = $3, workers_min = $4,
       workers_max = $5, buffer = $6, target_wait_seconds = $7, idle_seconds = $8`,
    [name, accountId, fromZero, min, max, buffer, targetWaitSeconds, idleSeconds],
  );
}

/** @returns whether there was such a description */
export async function deletePool(pool: pg.Pool, name: string): Promise<boolean> {
  const { rowCount } = await pool.query('delete from dispatch.pools where name = $1', [name]);
  return rowCount === 1;
}

export async function readPoolPasts(pool: pg.Pool): Promise<PoolPast[]> {
  const { rows } = await pool.query<PoolPast>(
    `select h.pool, h.models, h.cold_start_seconds as "coldStartSeconds" from dispatch.pool_pasts h`,
  );
  return rows;
}

export const savePoolPasts = (
  pool: pg.Pool,
  epoch: number,
  pasts: readonly PoolPast[],
): Promise<unknown> => {
  const save: Statement = {
    name: 'dispatch_save_pool_pasts',
    text: `
      insert into dispatch.pool_pasts (pool, models, cold_start_seconds)
      select pool, array(select json_array_elements_text(models)), cold_start_seconds
      from unnest($1::text[], $2::json[], $3::real[]) as h (pool, models, cold_start_seconds)
      on conflict (pool) do update set models = excluded.models,
        cold_start_seconds = excluded.cold_start_seconds, last_seen_at = clock_timestamp()`,
    values: [
      pasts.map((past) => past.pool),
      pasts.map(({ models }) => JSON.stringify(models)),
      pasts.map(({ coldStartSeconds }) => coldStartSeconds),
    ],
  };
  return transact(pool, [requireEpoch(epoch), save]);
};
