import { codeOf, type Statement } from '@safelight/postgres';
import type pg from 'pg';

/** There is one pool of workers, and so one queue, for now. */
export const POOL = 'default';

const EPOCH_OVER = 'SL001';

/** Whether an error says that another reign has begun: this process leads no more. */
export function isEpochOver(error: unknown): boolean {
  return codeOf(error) === EPOCH_OVER;
}

/**
 * Ends the database transaction unless `epoch` is the present one, and keeps it so until the commit:
 * a lock alone does not stop a leader that was suspended and wakes up late.
 */
export const requireEpoch = (epoch: number): Statement => ({
  name: 'dispatch_require_epoch',
  text: 'select dispatch.require_epoch($1::text, $2::int)',
  values: [POOL, epoch],
});

/** Begins the next reign. Waits for the writes of the one before that are just being committed. */
export async function beginEpoch(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query<{ epoch: number }>(
    `insert into dispatch.leadership (pool, epoch) values ($1, 1)
     on conflict (pool) do update
       set epoch = leadership.epoch + 1, since = clock_timestamp()
     returning epoch`,
    [POOL],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('an epoch could not be begun');
  return row.epoch;
}
