import type { Lane } from '@safelight/contracts';

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
  /** Whole percent off, by lane. */
  readonly laneDiscountPercent: Readonly<Record<Lane, bigint>>;
}

/** In force: one credit per image and started block of 1024 x 1024 pixels; batch work is cheaper. */
export const priceBook: PriceBook = {
  version: 'price-book-1',
  rules: [
    { models: 'builtin/*', blockPixels: 1_048_576n, blockPriceMicros: creditMicros },
    { models: '*', blockPixels: 1_048_576n, blockPriceMicros: creditMicros },
  ],
  laneDiscountPercent: { interactive: 0n, standard: 0n, batch: 20n },
};
