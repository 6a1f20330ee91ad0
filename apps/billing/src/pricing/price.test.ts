import { describe, expect, it } from '@jest/globals';
import type { PricedItem } from '@safelight/contracts';
import fc from 'fast-check';
import { creditMicros, priceBook, type PriceBook } from './price-book.js';
import { canonicalItem, priceOf } from './price.js';

const item: PricedItem = {
  operation: 'generate',
  model: 'builtin/painter-1',
  width: 1024,
  height: 1024,
  steps: 20,
  images: 1,
  lane: 'standard',
};

describe('priceOf', () => {
  it.each<[Partial<PricedItem>, bigint]>([
    [{}, 1_000_000n],
    [{ width: 64, height: 64 }, 1_000_000n],
    [{ width: 1025 }, 2_000_000n],
    [{ width: 2048, height: 2048 }, 4_000_000n],
    [{ images: 4 }, 4_000_000n],
    [{ lane: 'interactive' }, 1_000_000n],
    [{ lane: 'batch' }, 800_000n],
    [{ lane: 'batch', images: 3, width: 1536 }, 4_800_000n],
    [{ model: 'somebody/else' }, 1_000_000n],
    [{ steps: 50 }, 1_000_000n],
    [{ operation: 'edit', width: 1536 }, 2_000_000n],
    [{ operation: 'upscale', width: 2048, height: 2048 }, 2_000_000n],
    [{ operation: 'upscale', width: 512, height: 512, lane: 'batch' }, 400_000n],
  ])('%p costs %p micro-credits', (change, expected) => {
    const price = priceOf({ ...item, ...change });
    expect(price.priceMicros).toBe(expected);
    expect(price.priceVersion).toBe(priceBook.version);
  });

  it.each(['video', 'face-swap', 'face-swap-video'] as const)(
    'is not named for %s',
    (operation) => {
      expect(() => priceOf({ ...item, operation })).toThrow('operation.unpriced');
    },
  );

  it('is the sum of its lines, above zero, and never dearer in the batch lane', () => {
    const size = fc.integer({ min: 1, max: 8_192 });
    const images = fc.integer({ min: 1, max: 16 });
    fc.assert(
      fc.property(size, size, images, (width, height, count) => {
        const standard = priceOf({ ...item, width, height, images: count });
        const batch = priceOf({ ...item, width, height, images: count, lane: 'batch' });
        for (const { priceMicros, lines } of [standard, batch]) {
          const sum = lines.reduce((total, { amountMicros }) => total + amountMicros, 0n);
          expect(sum).toBe(priceMicros);
          expect(priceMicros).toBeGreaterThan(0n);
        }
        expect(batch.priceMicros * 5n).toBe(standard.priceMicros * 4n);
        expect(standard.priceMicros % creditMicros).toBe(0n);
      }),
    );
  });

  it('rounds a discount that does not divide in the customer’s favour', () => {
    const odd: PriceBook = {
      ...priceBook,
      rules: [{ models: '*', blockPixels: 1_048_576n, blockPriceMicros: 3n }],
    };
    expect(priceOf({ ...item, lane: 'batch' }, odd).priceMicros).toBe(2n);
  });

  it('prefers the first rule that matches, by full name or prefix', () => {
    const rule = (models: string, blockPriceMicros: bigint) => ({
      ...{ models, blockPriceMicros },
      blockPixels: 1_048_576n,
    });
    const book: PriceBook = {
      ...priceBook,
      rules: [rule('a/b', 1n), rule('a/*', 2n), rule('*', 3n)],
    };
    const prices = ['a/b', 'a/c', 'z'].map(
      (model) => priceOf({ ...item, model }, book).priceMicros,
    );
    expect(prices).toEqual([1n, 2n, 3n]);
  });
});

describe('canonicalItem', () => {
  it('is equal for equal items only', () => {
    const reversed = Object.fromEntries(Object.entries(item).reverse()) as PricedItem;
    expect(canonicalItem(reversed)).toBe(canonicalItem(item));
    expect(canonicalItem({ ...item, images: 2 })).not.toBe(canonicalItem(item));
  });
});
