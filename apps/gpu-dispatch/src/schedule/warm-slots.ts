import { poolOf, SHARED_POOL, type WorkerView } from './queued-job.js';

type Place = Pick<WorkerView, 'pool' | 'dedicated' | 'lent' | 'unlent'>;

/** Slots of workers that have a model loaded, by where a job for it may go. */
export class WarmSlots {
  private readonly counts = new Map<string, number>();

  /** @param slots more of them than before, or fewer; with the worker as it was when they were counted */
  count(worker: Place, model: string, slots: number): void {
    for (const pool of reachedBy(worker, model)) {
      const key = `${pool} ${model}`;
      const sum = (this.counts.get(key) ?? 0) + slots;
      if (sum <= 0) this.counts.delete(key);
      else this.counts.set(key, sum);
    }
  }

  /** Those that a job of the pool may get. */
  of({ model, pool }: { readonly model: string; readonly pool?: string | undefined }): number {
    return this.counts.get(`${poolOf({ pool })} ${model}`) ?? 0;
  }
}

/** The pools whose jobs it takes: an account's workers take everybody's only while they are lent. */
function reachedBy(
  { pool = SHARED_POOL, dedicated, lent, unlent }: Place,
  model: string,
): readonly string[] {
  if (pool === SHARED_POOL) return [pool];
  const isOwn = dedicated === true && (lent !== true || unlent?.has(model) === true);
  return isOwn ? [pool] : [pool, SHARED_POOL];
}
