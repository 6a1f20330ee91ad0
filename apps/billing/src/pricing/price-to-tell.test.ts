import { describe, expect, it } from '@jest/globals';
import type { PricedItem } from '@safelight/contracts';
import { book, rule } from '../test/books.js';
import { priceToTell } from './price-to-tell.js';

const item: PricedItem = {
  ...{ operation: 'generate', model: 'm', width: 512, height: 512, steps: 20, images: 1 },
  lane: 'standard',
};

describe('a price that is told', () => {
  const prices = book({ sells: ['generate'], rules: [rule({ operations: ['generate'] })] });

  it('is nothing for what is not sold, and no fault', () => {
    expect(priceToTell({ ...item, operation: 'video', seconds: 1 }, prices)).toBeNull();
    expect(priceToTell(item, prices)?.priceMicros).toBe(1_000_000n);
  });
});
