import { modelOffer, type ModelOffer } from '@safelight/contracts';
import { transact } from '@safelight/postgres';
import type pg from 'pg';
import { requireEpoch } from '../leadership/epoch.js';

/** Models that were ever offered, the first one first. */
export async function readModels(pool: pg.Pool): Promise<ModelOffer[]> {
  const { rows } = await pool.query<{ offer: ModelOffer }>(
    'select offer from dispatch.models order by place',
  );
  // What was written before an offer had all of its present fields gets their defaults.
  return rows.map(({ offer }) => modelOffer.parse(offer));
}

export async function saveModels(
  pool: pg.Pool,
  epoch: number,
  offers: readonly ModelOffer[],
): Promise<void> {
  const save = {
    name: 'dispatch_save_models',
    text: `
      insert into dispatch.models (name, offer)
      select * from unnest($1::text[], $2::json[])
      on conflict (name) do update set offer = excluded.offer, last_seen_at = clock_timestamp()`,
    values: [offers.map(({ name }) => name), offers.map((offer) => JSON.stringify(offer))],
  };
  await transact(pool, [requireEpoch(epoch), save]);
}
