import type { JobOperation, Lane } from '@safelight/contracts';

/** One credit in micro-credits. */
export const creditMicros = 1_000_000n;

/** What one image costs, before the lane's discount. */
export interface PriceRule {
  /** Full model name, or a prefix that ends in `*`. */
  readonly models: string;
  /** Pixels in one block; every started block is charged. */
  readonly blockPixels: bigint;
  readonly blockPriceMicros: bigint;
}

/** A released set of prices; a released version is never edited, a new one replaces it. */
export interface PriceBook {
  readonly version: string;
  /** The first rule whose models match applies; the last one matches everything. */
  readonly rules: readonly PriceRule[];
  /** Whole percent of a generation of the same size; what is not named here is not for sale. */
  readonly operationPercent: Readonly<Partial<Record<JobOperation, bigint>>>;
  /** Whole percent off, by lane. */
  readonly laneDiscountPercent: Readonly<Record<Lane, bigint>>;
}

/**
 * In force: one credit per image and started block of 1024 x 1024 pixels of the result; an edit costs
 * as much as a generation of its size, an upscaled image half of that; batch work is cheaper.
 * `price-book-1` was the same for generations and had nothing else.
 */
export const priceBook: PriceBook = {
  version: 'price-book-2',
  rules: [
    { models: 'builtin/*', blockPixels: 1_048_576n, blockPriceMicros: creditMicros },
    { models: '*', blockPixels: 1_048_576n, blockPriceMicros: creditMicros },
  ],
  operationPercent: { generate: 100n, edit: 100n, upscale: 50n },
  laneDiscountPercent: { interactive: 0n, standard: 0n, batch: 20n },
};
