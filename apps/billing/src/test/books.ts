import { bookOf, type PriceBook } from '../pricing/price-book.js';
import { firstPrices } from '../pricing/first-prices.js';
import type { WrittenPrices } from '../pricing/price-document.js';

/** The first prices, changed. */
export const written = (change: Partial<WrittenPrices> = {}): WrittenPrices => ({
  ...firstPrices,
  version: 'test-1',
  ...change,
});

export const book = (change: Partial<WrittenPrices> = {}): PriceBook => bookOf(written(change));

const faces = ['face-swap', 'face-swap-video'] as const;
export type WrittenRule = WrittenPrices['rules'][number];

/** A rule for all that the first prices sell. */
export const rule = (change: Partial<WrittenRule> = {}): WrittenRule => ({
  ...{ id: 'all', operations: ['generate', 'edit', 'upscale', 'video', ...faces], models: '*' },
  ...{ per: 'image', block_pixels: 1_048_576, credits: '1' },
  ...change,
});
