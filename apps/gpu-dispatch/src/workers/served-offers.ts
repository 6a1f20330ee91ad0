import { refusedWordIn, type ModelOffer } from '@safelight/contracts';
import type { Offer } from './roster.js';

/** What was not taken up, and the word for which it was not. */
export interface Untaken {
  readonly workerId: string;
  readonly name: string;
  readonly word: string;
}

/** Workers say the same every few seconds; more texts than these are forgotten and read again. */
const MOST_REMEMBERED = 10_000;

/**
 * Takes out of workers' offers what nobody may be offered (floor rule F2), whoever runs the worker
 * and whatever its own files were let through with.
 */
export class ServedOffers {
  private readonly words = new Map<string, string | undefined>();
  private readonly told = new Set<string>();

  /** @param tell is called once for each worker and name */
  constructor(private readonly tell: (untaken: Untaken) => void) {}

  /** The offer without what is not served. */
  of(offer: Offer): Offer {
    const models = offer.models.flatMap((model) => this.served(offer.workerId, model));
    const isWhole = models.every((model, at) => model === offer.models[at]);
    if (isWhole && models.length === offer.models.length) return offer;
    const names = new Set(models.map(({ name }) => name));
    return { ...offer, models, warm: offer.warm.filter((name) => names.has(name)) };
  }

  /** Of what was written down before: those that may still be offered. */
  known(models: readonly ModelOffer[]): ModelOffer[] {
    return models.flatMap((model) => this.served('', model));
  }

  private served(workerId: string, model: ModelOffer): ModelOffer[] {
    const { name, description, parts } = model;
    const word = this.wordIn(name) ?? this.wordIn(description);
    if (word !== undefined) {
      this.report({ workerId, name, word });
      return [];
    }
    const kept = parts?.filter((part) => {
      const wrong = this.wordIn(part);
      if (wrong !== undefined) this.report({ workerId, name: part, word: wrong });
      return wrong === undefined;
    });
    return [
      kept === undefined || kept.length === parts?.length ? model : { ...model, parts: kept },
    ];
  }

  private wordIn(text: string): string | undefined {
    if (!this.words.has(text)) {
      if (this.words.size >= MOST_REMEMBERED) this.words.clear();
      this.words.set(text, refusedWordIn(text));
    }
    return this.words.get(text);
  }

  private report(untaken: Untaken): void {
    const key = `${untaken.workerId} ${untaken.name}`;
    if (this.told.has(key)) return;
    if (this.told.size >= MOST_REMEMBERED) this.told.clear();
    this.told.add(key);
    this.tell(untaken);
  }
}
