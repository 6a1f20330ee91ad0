import type { ModelOffer, ModelResource, PartResource, PricedItem } from '@safelight/contracts';
import { formatCredits, priceItems } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import type { Catalogue } from './catalogue.js';
import type { CataloguePart } from './document.js';
import type { Offers } from './offers.js';
import { presentModel } from './present-model.js';

/** Anybody may ask, so that many askers must not become as many questions to other services. */
const FRESH_FOR_MS = 2_000;
const USUAL_SIDE = 1024;
const FILMED_HEIGHT = 576;

interface Parts {
  readonly services: RequestClient;
  readonly offers: Offers;
  readonly catalogue: Catalogue;
}

/** What the catalogue knows of the models on offer: as the dispatcher says, and as billing prices them. */
export class Models {
  private latest: { readonly atMs: number; readonly models: Promise<ModelResource[]> } | undefined;

  constructor(private readonly parts: Parts) {}

  /** At most four seconds old. */
  list(nowMs = performance.now()): Promise<ModelResource[]> {
    if (this.latest === undefined || nowMs - this.latest.atMs > FRESH_FOR_MS) {
      const models = this.ask();
      this.latest = { atMs: nowMs, models };
      // A failure is nothing to remember.
      models.catch(() => (this.latest = undefined));
    }
    return this.latest.models;
  }

  /** The catalogue's entries of the parts that some model on offer can be asked to use. */
  partsOnOffer(models: readonly ModelResource[]): CataloguePart[] {
    const usable = new Set(models.flatMap(({ parts }) => parts.map(({ name }) => name)));
    return this.parts.catalogue.parts.filter(({ name }) => usable.has(name));
  }

  private async ask(): Promise<ModelResource[]> {
    const { services, offers, catalogue } = this.parts;
    const models = await offers.list();
    const items = models.map(({ offer }) => usualItem(offer));
    const { prices, priceVersion } = await services.request(priceItems, { items });
    return models.map((offered, index) => ({
      ...presentModel(offered, catalogue.model(offered.offer.name)),
      parts: catalogue.partsFor(offered.offer).map(presentPart),
      price: presentPrice(items[index], prices[index]?.priceMicros, priceVersion),
    }));
  }
}

/** `null` where the price book does not sell it. */
function presentPrice(
  item: PricedItem | undefined,
  micros: bigint | undefined,
  version: string,
): ModelResource['price'] {
  if (item === undefined || micros === undefined) return null;
  const { width, height, steps, seconds } = item;
  const length = seconds === undefined ? {} : { seconds };
  return { credits: formatCredits(micros), width, height, ...length, steps, version };
}

/** One image, or one second of a video: by what it does, where it does not generate. */
export function usualItem(offer: ModelOffer): PricedItem {
  const { operations } = offer;
  const usual = operations.includes('generate') ? 'generate' : (operations[0] ?? 'generate');
  const films = usual === 'video' || usual === 'face-swap-video';
  return {
    ...{
      operation: usual,
      model: offer.name,
      steps: offer.defaultSteps,
    },
    width: Math.min(USUAL_SIDE, offer.maxWidth),
    height: Math.min(films ? FILMED_HEIGHT : USUAL_SIDE, offer.maxHeight),
    ...{ images: 1, lane: 'standard' },
    ...(films && { seconds: 1 }),
  };
}

const presentPart = (part: CataloguePart): PartResource => ({
  kind: part.kind,
  name: part.name,
  description: part.description,
  preprocessors: part.preprocessors,
  licence: part.licence,
});
