import type { Offer } from './worker.js';
import type { SeenWorker } from './worker-records.sql.js';

/** What is told of a worker that nobody changed is told again after so long. */
const SEEN_AGAIN_MS = 60_000;

/** Workers as they described themselves, to be written where that is news. */
export class SeenWorkers {
  private readonly seen = new Map<string, { what: string; savedMs: number }>();
  private news = new Map<string, SeenWorker>();

  note(offer: Offer): void {
    const { workerId, incarnation, engine, pool, slots, models } = offer;
    const names = models.map(({ name }) => name);
    const worker = { workerId, incarnation, engine, pool, slots, models: names };
    const what = JSON.stringify(worker);
    const known = this.seen.get(workerId);
    const nowMs = performance.now();
    if (known?.what === what && nowMs - known.savedMs < SEEN_AGAIN_MS) return;
    this.seen.set(workerId, { what, savedMs: nowMs });
    this.news.set(workerId, worker);
  }

  /** The news since this was asked last, by worker. */
  take(): Map<string, SeenWorker> {
    const { news } = this;
    this.news = new Map();
    const nowMs = performance.now();
    for (const [workerId, { savedMs }] of this.seen) {
      if (nowMs - savedMs > 2 * SEEN_AGAIN_MS) this.seen.delete(workerId);
    }
    return news;
  }

  /** What could not be written is to be written with the next news. */
  giveBack(news: ReadonlyMap<string, SeenWorker>): void {
    this.news = new Map([...news, ...this.news]);
  }
}
