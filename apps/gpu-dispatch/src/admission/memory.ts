import type { ModelOffer } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { Worker } from '../workers/worker.js';
import type { Placed } from './reach.js';

type Gpu = Pick<Worker, 'pool' | 'dedicated' | 'serves' | 'freeVramBytes'>;

/** What is asked for; `vramBytes` as whoever wrote the catalogue says. */
export interface Asked {
  readonly operation: ModelOffer['operations'][number];
  readonly vramBytes?: number | undefined;
}

/** What a model needs, by the word of its workers and of the catalogue. Bytes; 0: not known. */
export const needOf = ({ vramBytes }: ModelOffer, stated = 0): number =>
  Math.max(vramBytes ?? 0, stated);

/**
 * The most GPU memory that a worker of the place has that serves the model; `Infinity` where one does
 * not say, or nobody is there: who comes may have more.
 */
function largestOf(workers: readonly Gpu[], { pool, offer }: Placed): number {
  const there = workers.filter((worker) => {
    const isIn = pool === undefined ? !worker.dedicated : worker.pool === pool;
    return isIn && worker.serves.has(offer.name);
  });
  if (there.length === 0) return Infinity;
  return Math.max(...there.map(({ freeVramBytes = Infinity }) => freeVramBytes));
}

/**
 * Those places whose workers have the memory that the model needs.
 *
 * @param placed where the job fits otherwise; all of one model
 * @param all everything on offer to the job, to name who could
 * @throws DomainError `model.too_large` where none is left
 */
export function withMemory(
  workers: readonly Gpu[],
  placed: readonly Placed[],
  all: readonly Placed[],
  { operation, vramBytes }: Asked,
): [Placed, ...Placed[]] {
  const [first, ...others] = placed.filter(
    (each) => needOf(each.offer, vramBytes) <= largestOf(workers, each),
  );
  if (first !== undefined) return [first, ...others];
  const [refused] = placed;
  if (refused === undefined) throw new Error('a job that fits nowhere');
  const { name } = refused.offer;
  const able = all.filter(
    (each) =>
      each.offer.name !== name &&
      each.offer.operations.includes(operation) &&
      needOf(each.offer) <= largestOf(workers, each),
  );
  throw new DomainError('model.too_large', {
    ...{ model: name, vramBytes: needOf(refused.offer, vramBytes) },
    largestBytes: Math.max(...placed.map((each) => largestOf(workers, each))),
    models: [...new Set(able.map(({ offer }) => offer.name))],
  });
}
