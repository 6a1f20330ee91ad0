import { sharedOffer } from '../admission/reach.js';
import { covers } from '../models/abilities.js';
import type { ModelCatalogue } from '../models/catalogue.js';
import type { PoolBook } from '../pools/pool-book.js';
import { NOBODYS, type Belonging, type Offer } from './worker.js';

/** Whose a worker is, and which of its models it does not lend: those that elsewhere do more. */
export function belongingOf(
  { pool, models }: Pick<Offer, 'pool' | 'models'>,
  pools: PoolBook,
  catalogue: ModelCatalogue,
): Belonging {
  if (pools.isShared(pool)) return NOBODYS;
  const unlent = models.filter((offer) => {
    const promised = sharedOffer(pools, catalogue, offer.name);
    return promised !== undefined && !covers(offer, promised);
  });
  return { dedicated: true, unlent: new Set(unlent.map(({ name }) => name)) };
}
