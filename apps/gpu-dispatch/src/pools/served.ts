import type { Roster } from '../workers/roster.js';
import type { PoolBook } from './pool-book.js';

/** Whether somebody of the pool gets jobs of the model, or will once the pool has started a worker. */
export function isServed(
  { pools, roster }: { readonly pools: PoolBook; readonly roster: Roster },
  pool: string,
  model: string,
): boolean {
  if (roster.isServedIn(pool, model)) return true;
  const wakes = pools.firstWorkerInMs(pool, performance.now()) !== undefined;
  return wakes && pools.modelsOf(pool).includes(model);
}
