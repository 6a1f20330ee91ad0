import type { ModelOffer } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { narrowest } from '../models/abilities.js';
import type { ModelCatalogue, PooledOffer } from '../models/catalogue.js';
import type { PoolBook } from '../pools/pool-book.js';

/** Where a job may run. */
export interface Reach {
  /** Its account's own pools first. */
  readonly pools: readonly string[];
  readonly own: ReadonlySet<string>;
  /** The one that the request names. */
  readonly asked: string | undefined;
}

/**
 * The pools that a job may run in: the one that it names, or else its account's own and everybody's.
 * Jobs of test keys stay out of what an account pays for.
 *
 * @throws DomainError `pool.unknown {pool}`, also for a pool of another account, and for test keys
 */
export function poolsFor(
  book: PoolBook,
  job: { readonly accountId?: string; readonly pool: string | undefined; readonly test: boolean },
): Reach {
  const { accountId, pool, test } = job;
  const own = new Set(
    accountId === undefined ? [] : book.ownedBy(accountId).map(({ name }) => name),
  );
  if (pool !== undefined) {
    if (test || !own.has(pool)) throw new DomainError('pool.unknown', { pool });
    return { pools: [pool], own, asked: pool };
  }
  const shared = book.names.filter((name) => book.isShared(name));
  return { pools: test ? shared : [...own, ...shared], own, asked: undefined };
}

/** What is on offer, and in which pool of the account's; `undefined`: on everybody's workers. */
export interface Placed {
  readonly pool: string | undefined;
  readonly offer: ModelOffer;
}

/**
 * What is on offer to a job. A job that is for everybody's workers may come to any of them, so of a
 * model that several shared pools have it is what all of those can do.
 */
export function offersTo(
  book: PoolBook,
  { pools, own }: Pick<Reach, 'pools' | 'own'>,
  offers: readonly PooledOffer[],
): Placed[] {
  const has = new Map(pools.map((pool) => [pool, new Set(book.modelsOf(pool))]));
  const reached = offers.filter(({ pool, offer }) => has.get(pool)?.has(offer.name));
  const places = new Map<string, [PooledOffer, ...PooledOffer[]]>();
  for (const each of reached) {
    const key = `${own.has(each.pool) ? each.pool : ''} ${each.offer.name}`;
    const known = places.get(key);
    if (known === undefined) places.set(key, [each]);
    else known.push(each);
  }
  return [...places.values()].map(([first, ...others]) => ({
    pool: own.has(first.pool) ? first.pool : undefined,
    offer: narrowest([first.offer, ...others.map(({ offer }) => offer)]),
  }));
}

/** What everybody may count on of a model; `undefined` where no shared pool has it. */
export const sharedOffer = (
  book: PoolBook,
  catalogue: ModelCatalogue,
  name: string,
): ModelOffer | undefined => {
  const [first, ...others] = book
    .poolsWith(name)
    .filter((pool) => book.isShared(pool))
    .flatMap((pool) => catalogue.get(pool, name) ?? []);
  return first && narrowest([first, ...others]);
};
