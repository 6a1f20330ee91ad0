import { sharedOffer } from '../admission/reach.js';
import { covers } from '../models/abilities.js';
import type { ModelCatalogue } from '../models/catalogue.js';
import type { PoolBook } from '../pools/pool-book.js';
import { isServed } from '../pools/served.js';
import type { QueuedJob } from '../schedule/queued-job.js';
import type { Board } from './board.js';

/**
 * Gives jobs to everybody's workers for which admission chose a pool of their account's, when nobody
 * is left there who could do them: their owner did not ask for that pool. Nothing of it is written
 * down: a reign that reads them with their pool again comes to the same end.
 */
export class Fallback {
  /** @param seek finds a worker for a job that is where it was not before */
  constructor(
    private readonly board: Board,
    private readonly known: { readonly pools: PoolBook; readonly catalogue: ModelCatalogue },
    private readonly seek: (job: QueuedJob) => void,
  ) {}

  /** Looks at all that waits; O(open jobs). To be called once workers had the time to show up. */
  look(): void {
    const lost = new Map<string, boolean>();
    for (const entry of this.board.all()) {
      const { pool, model } = entry.job;
      if (entry.spec.poolChosen !== true || pool === undefined || entry.lease !== undefined)
        continue;
      const key = `${pool} ${model}`;
      const isLost = lost.get(key) ?? this.isLost(pool, model);
      lost.set(key, isLost);
      if (!isLost) continue;
      if (!this.hasRoom(entry.job)) continue;
      if (this.board.leavePool(entry)) this.seek(entry.job);
    }
  }

  /** Whether a worker that is there has the memory for it, where that is known. */
  private hasRoom(job: QueuedJob): boolean {
    const elsewhere = { ...job, pool: undefined };
    return job.vramBytes === undefined || this.board.roster.isServedBesides(elsewhere, []);
  }

  /** A pool that can do it no more is better than shared workers that cannot either. */
  private isLost(pool: string, model: string): boolean {
    const { pools, catalogue } = this.known;
    const at = { pools, roster: this.board.roster };
    if (isServed(at, pool, model)) return false;
    const isThere = pools.names.some((each) => pools.isShared(each) && isServed(at, each, model));
    const [own, others] = [catalogue.get(pool, model), sharedOffer(pools, catalogue, model)];
    // What was let in for what the pool can do may be more than others can.
    return isThere && others !== undefined && (own === undefined || covers(others, own));
  }
}
