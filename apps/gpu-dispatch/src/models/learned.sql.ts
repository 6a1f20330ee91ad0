import { transact } from '@safelight/postgres';
import type pg from 'pg';
import { requireEpoch } from '../leadership/epoch.js';
import type { LearnedRow } from '../schedule/speed.js';

/** What was learned of runtimes and loads. */
export async function readLearned(pool: pg.Pool): Promise<LearnedRow[]> {
  const { rows } = await pool.query<LearnedRow>(
    'select key, seen, mean, variance from dispatch.learned',
  );
  return rows;
}

export async function saveLearned(
  pool: pg.Pool,
  epoch: number,
  rows: readonly LearnedRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const save = {
    name: 'dispatch_save_learned',
    text: `
      insert into dispatch.learned (key, seen, mean, variance)
      select * from unnest($1::text[], $2::int[], $3::float8[], $4::float8[])
      on conflict (key) do update set seen = excluded.seen, mean = excluded.mean,
        variance = excluded.variance, learned_at = clock_timestamp()`,
    values: [
      rows.map(({ key }) => key),
      rows.map(({ seen }) => seen),
      rows.map(({ mean }) => mean),
      rows.map(({ variance }) => variance),
    ],
  };
  await transact(pool, [requireEpoch(epoch), save]);
}
