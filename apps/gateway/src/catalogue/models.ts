import type { ModelOffer, ModelResource, PricedItem } from '@safelight/contracts';
import { formatCredits, listModels, priceItems } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';

/** Anybody may ask, so that many askers must not become as many questions to other services. */
const FRESH_FOR_MS = 2_000;
const USUAL_SIDE = 1024;
const FILMED_HEIGHT = 576;

/** The models on offer, as the dispatcher knows them and billing prices them. */
export class Models {
  private latest: { readonly atMs: number; readonly models: Promise<ModelResource[]> } | undefined;

  constructor(private readonly services: RequestClient) {}

  /** At most two seconds old. */
  list(nowMs = performance.now()): Promise<ModelResource[]> {
    if (this.latest === undefined || nowMs - this.latest.atMs > FRESH_FOR_MS) {
      const models = this.ask();
      this.latest = { atMs: nowMs, models };
      // A failure is nothing to remember.
      models.catch(() => (this.latest = undefined));
    }
    return this.latest.models;
  }

  private async ask(): Promise<ModelResource[]> {
    const { models } = await this.services.request(listModels, {});
    const items = models.map(({ offer }) => usualItem(offer));
    const { prices, priceVersion } = await this.services.request(priceItems, { items });
    return models.map(({ offer, state, isDefault }, index) => {
      const { width = 0, height = 0, steps = 0, seconds } = items[index] ?? {};
      const credits = formatCredits(prices[index]?.priceMicros ?? 0n);
      return {
        name: offer.name,
        description: offer.description,
        default: isDefault,
        state,
        operations: offer.operations,
        limits: limitsOf(offer),
        default_steps: offer.defaultSteps,
        price: {
          credits,
          width,
          height,
          ...(seconds && { seconds }),
          steps,
          version: priceVersion,
        },
      };
    });
  }
}

/** One image, or one second of a video where the model makes nothing else. */
function usualItem(offer: ModelOffer): PricedItem {
  const films = offer.operations.every((operation) => operation === 'video');
  return {
    ...{ operation: films ? 'video' : 'generate', model: offer.name, steps: offer.defaultSteps },
    width: Math.min(USUAL_SIDE, offer.maxWidth),
    height: Math.min(films ? FILMED_HEIGHT : USUAL_SIDE, offer.maxHeight),
    ...{ images: 1, lane: 'standard' },
    ...(films && { seconds: 1 }),
  };
}

const limitsOf = ({ maxWidth, maxHeight, maxSeconds, maxFps }: ModelOffer) => ({
  max_width: maxWidth,
  max_height: maxHeight,
  ...(maxSeconds !== null && { max_seconds: maxSeconds }),
  ...(maxFps !== null && { max_fps: maxFps }),
});
