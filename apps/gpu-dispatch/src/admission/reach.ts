import type { ModelOffer } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
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

/** What is on offer in these pools. */
export function offersIn(
  book: PoolBook,
  pools: readonly string[],
  offers: readonly ModelOffer[],
): ModelOffer[] {
  const reached = new Set(pools.flatMap((pool) => book.modelsOf(pool)));
  return offers.filter(({ name }) => reached.has(name));
}
