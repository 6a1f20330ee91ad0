import type { ModelOffer } from '@safelight/contracts';

/** A model as the workers of one pool have it: elsewhere it may have other limits. */
export interface PooledOffer {
  readonly pool: string;
  readonly offer: ModelOffer;
}

/** Writes offers down; rejects when they could not be. */
export type SaveModels = (offers: readonly PooledOffer[]) => Promise<void>;

/**
 * The models that workers offer or have offered, by pool, in the order in which they first came. Kept
 * in the database too, so that a dispatcher that just started knows what its workers can do.
 */
export class ModelCatalogue {
  private readonly models = new Map<string, PooledOffer>();
  /** What is written, to write only what changed. */
  private readonly saved = new Map<string, string>();
  private saving: Promise<void> = Promise.resolve();

  constructor(
    known: readonly PooledOffer[],
    private readonly save: SaveModels,
    private readonly onFailure: (error: unknown) => void,
  ) {
    for (const each of known) {
      this.models.set(keyOf(each), each);
      this.saved.set(keyOf(each), JSON.stringify(each.offer));
    }
  }

  get offers(): PooledOffer[] {
    return [...this.models.values()];
  }

  /** What the pool's workers have, or had, of this name. */
  get(pool: string, name: string): ModelOffer | undefined {
    return this.models.get(`${pool} ${name}`)?.offer;
  }

  /** Takes in what a worker of the pool offers; what is new or changed is written in the background. */
  note(pool: string, offers: readonly ModelOffer[]): void {
    const changed: PooledOffer[] = [];
    for (const offer of offers) {
      const each = { pool, offer };
      const key = keyOf(each);
      this.models.set(key, each);
      const text = JSON.stringify(offer);
      if (this.saved.get(key) === text) continue;
      this.saved.set(key, text);
      changed.push(each);
    }
    if (changed.length === 0) return;
    this.saving = this.saving
      .then(() => this.save(changed))
      .catch((error: unknown) => {
        // Forgotten as written, so that the next heartbeat tries again.
        for (const each of changed) this.saved.delete(keyOf(each));
        this.onFailure(error);
      });
  }

  /** Resolves when nothing is being written. */
  settled(): Promise<void> {
    return this.saving;
  }
}

const keyOf = ({ pool, offer }: PooledOffer): string => `${pool} ${offer.name}`;
