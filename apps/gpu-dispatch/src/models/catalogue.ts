import type { ModelOffer } from '@safelight/contracts';

/** Writes offers down; rejects when they could not be. */
export type SaveModels = (offers: readonly ModelOffer[]) => Promise<void>;

/**
 * The models that workers offer or have offered, in the order in which they first came. Kept in the
 * database too, so that a dispatcher that just started knows what its workers can do.
 */
export class ModelCatalogue {
  private readonly models = new Map<string, ModelOffer>();
  /** What is written, by name, to write only what changed. */
  private readonly saved = new Map<string, string>();
  private saving: Promise<void> = Promise.resolve();

  constructor(
    known: readonly ModelOffer[],
    private readonly save: SaveModels,
    private readonly onFailure: (error: unknown) => void,
  ) {
    for (const offer of known) {
      this.models.set(offer.name, offer);
      this.saved.set(offer.name, JSON.stringify(offer));
    }
  }

  get names(): string[] {
    return [...this.models.keys()];
  }

  get offers(): ModelOffer[] {
    return [...this.models.values()];
  }

  get(name: string): ModelOffer | undefined {
    return this.models.get(name);
  }

  /** Takes in what a worker offers; new or changed offers are written in the background. */
  note(offers: readonly ModelOffer[]): void {
    for (const offer of offers) this.models.set(offer.name, offer);
    const changed = offers.filter((offer) => this.saved.get(offer.name) !== JSON.stringify(offer));
    if (changed.length === 0) return;
    for (const offer of changed) this.saved.set(offer.name, JSON.stringify(offer));
    this.saving = this.saving
      .then(() => this.save(changed))
      .catch((error: unknown) => {
        // Forgotten as written, so that the next heartbeat tries again.
        for (const offer of changed) this.saved.delete(offer.name);
        this.onFailure(error);
      });
  }

  /** Resolves when nothing is being written. */
  settled(): Promise<void> {
    return this.saving;
  }
}
