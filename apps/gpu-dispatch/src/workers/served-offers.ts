import { refusedWordIn, type ModelOffer } from '@safelight/contracts';
import { storable } from '../dispatcher/storable.js';
import type { Offer } from './roster.js';

/** What was not taken up, and the word for which it was not. */
export interface Untaken {
  readonly workerId: string;
  readonly name: string;
  readonly word: string;
}

/** In the place of a word, for texts that no database holds. */
const UNSTORABLE = 'a NUL, or half of a surrogate pair';

/** Workers say the same every few seconds; more texts than these are forgotten and read again. */
const MOST_REMEMBERED = 10_000;

/**
 * Takes out of workers' offers what nobody may be offered (floor rule F2), whoever runs the worker
 * and whatever its own files were let through with; and names that no database holds, which nobody
 * could ask for, as engines make them of file names that are no text.
 */
export class ServedOffers {
  private readonly words = new Map<string, string | undefined>();
  private readonly told = new Set<string>();

  /** @param tell is called once for each worker and name */
  constructor(private readonly tell: (untaken: Untaken) => void) {}

  /** The offer without what is not served. */
  of(heard: Offer): Offer {
    const offer = this.legible(heard);
    const models = offer.models.flatMap((model) => this.served(offer.workerId, model));
    const isWhole = models.every((model, at) => model === offer.models[at]);
    if (isWhole && models.length === offer.models.length) return offer;
    const names = new Set(models.map(({ name }) => name));
    return { ...offer, models, warm: offer.warm.filter((name) => names.has(name)) };
  }

  /** With texts that a database holds: what they say of the worker itself is for people to read. */
  private legible(offer: Offer): Offer {
    const { engine, tags, gpu } = offer;
    const texts = [engine, ...tags, ...(gpu === null ? [] : [gpu.name])];
    if (texts.every((text) => this.wordIn(text) !== UNSTORABLE)) return offer;
    return {
      ...{ ...offer, engine: storable(engine), tags: tags.map(storable) },
      gpu: gpu && { ...gpu, name: storable(gpu.name) },
    };
  }

  /** Of what was written down before: those that may still be offered. */
  known(models: readonly ModelOffer[]): ModelOffer[] {
    return models.flatMap((model) => this.served('', model));
  }

  private served(workerId: string, offered: ModelOffer): ModelOffer[] {
    const model =
      this.wordIn(offered.description) === UNSTORABLE
        ? { ...offered, description: storable(offered.description) }
        : offered;
    const { name, description, parts, features } = model;
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
    const known = features.filter((feature) => this.wordIn(feature) !== UNSTORABLE);
    if (kept?.length === parts?.length && known.length === features.length) return [model];
    return [{ ...model, features: known, ...(kept !== undefined && { parts: kept }) }];
  }

  private wordIn(text: string): string | undefined {
    if (!this.words.has(text)) {
      if (this.words.size >= MOST_REMEMBERED) this.words.clear();
      this.words.set(text, storable(text) === text ? refusedWordIn(text) : UNSTORABLE);
    }
    return this.words.get(text);
  }

  private report(untaken: Untaken): void {
    const key = `${untaken.workerId} ${untaken.name}`;
    if (this.told.has(key)) return;
    if (this.told.size >= MOST_REMEMBERED) this.told.clear();
    this.told.add(key);
    this.tell({ ...untaken, name: storable(untaken.name) });
  }
}
