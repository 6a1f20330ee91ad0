import {
  qualityHint,
  resolutionHint,
  type ModelResource,
  type Sampler,
} from '@safelight/contracts';
import { featuresOn } from './catalogue.js';
import type { CatalogueModel } from './document.js';
import type { Offered } from './offers.js';

type Described = Omit<ModelResource, 'parts' | 'price'>;

/**
 * A model on offer: what its workers do, within what the catalogue says that it is. One that the
 * catalogue does not know is told as its workers tell of it.
 */
export function presentModel(offered: Offered, entry: CatalogueModel | undefined): Described {
  const { offer, state, isDefault } = offered;
  const operations = offer.operations.filter((one) => entry?.operations?.includes(one) ?? true);
  return {
    ...{ name: offer.name, description: entry?.description ?? offer.description },
    ...{ default: isDefault, state, operations },
    base: entry?.base ?? null,
    features: featuresOn(offer, entry),
    limits: limitsOf(offered, entry),
    default_steps: entry?.defaults.steps ?? offer.defaultSteps,
    defaults: {
      guidance: entry?.defaults.guidance ?? null,
      sampler: entry?.defaults.sampler ?? null,
      strength: entry?.defaults.strength ?? null,
    },
    resolutions: resolutionHint.options.filter((one) => entry?.resolutions[one] !== undefined),
    qualities: qualityHint.options.filter((one) => entry?.qualities[one] !== undefined),
    content_class: entry?.content_class ?? null,
    price_class: entry?.price_class ?? null,
    licence: entry?.licence ?? null,
    ...endOf(entry),
  };
}

const LEAST_SIDE = 64;
const MOST_STEPS = 100;
const MOST_IMAGES = 8;

/** Where both say something, the narrower of the two. */
function limitsOf({ offer }: Offered, entry: CatalogueModel | undefined): Described['limits'] {
  const limits = entry?.limits;
  return {
    min_width: limits?.min_width ?? LEAST_SIDE,
    min_height: limits?.min_height ?? LEAST_SIDE,
    max_width: Math.min(limits?.max_width ?? offer.maxWidth, offer.maxWidth),
    max_height: Math.min(limits?.max_height ?? offer.maxHeight, offer.maxHeight),
    max_pixels: limits?.max_pixels ?? null,
    min_steps: limits?.min_steps ?? 1,
    max_steps: limits?.max_steps ?? MOST_STEPS,
    max_images: limits?.max_images ?? MOST_IMAGES,
    samplers: samplersOf(offer, limits?.samplers ?? null),
    ...(offer.maxSeconds !== null && { max_seconds: offer.maxSeconds }),
    ...(offer.maxFps !== null && { max_fps: offer.maxFps }),
  };
}

/** A model that takes no sampler has none to choose from. */
function samplersOf({ features, samplers }: Offered['offer'], allowed: Sampler[] | null) {
  if (samplers === null || !features.includes('sampler')) return allowed;
  return allowed === null ? samplers : allowed.filter((each) => samplers.includes(each));
}

const asInstant = (time: string) => new Date(time).toISOString();

function endOf(entry: CatalogueModel | undefined) {
  if (entry?.deprecation == null) return { deprecated_at: null, sunset_at: null, successor: null };
  const { deprecated_at, sunset_at, successor } = entry.deprecation;
  return {
    deprecated_at: asInstant(deprecated_at),
    sunset_at: asInstant(sunset_at),
    successor,
  };
}
