import { modelOffer, type ModelOffer } from '@safelight/contracts';
import { transact } from '@safelight/postgres';
import type pg from 'pg';
import { requireEpoch } from '../leadership/epoch.js';
import type { PooledOffer } from './catalogue.js';

/** Models that were ever offered, the first one first. */
export async function readModels(pool: pg.Pool): Promise<PooledOffer[]> {
  const { rows } = await pool.query<{ pool: string; offer: ModelOffer }>(
    'select pool, offer from dispatch.models order by place',
  );
  // What was written before an offer had all of its present fields gets their defaults.
  return rows.map((row) => ({ pool: row.pool, offer: modelOffer.parse(row.offer) }));
}

export async function saveModels(
  pool: pg.Pool,
  epoch: number,
  offers: readonly PooledOffer[],
): Promise<void> {
  const save = {
    name: 'dispatch_save_models',
    text: `
      insert into dispatch.models (pool, name, offer)
      select * from unnest($1::text[], $2::text[], $3::json[])
      on conflict (pool, name) do update set offer = excluded.offer, last_seen_at = clock_timestamp()`,
    values: [
      offers.map((each) => each.pool),
      offers.map(({ offer }) => offer.name),
      offers.map(({ offer }) => JSON.stringify(offer)),
    ],
  };
  await transact(pool, [requireEpoch(epoch), save]);
}
