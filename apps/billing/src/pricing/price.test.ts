import { describe, expect, it } from '@jest/globals';
import type { PricedItem } from '@safelight/contracts';
import { book, rule } from '../test/books.js';
import { firstPrices } from './first-prices.js';
import { bookOf } from './price-book.js';
import { canonicalItem, priceOf } from './price.js';

const first = bookOf(firstPrices);
const item: PricedItem = {
  operation: 'generate',
  model: 'builtin/painter-1',
  width: 1024,
  height: 1024,
  steps: 20,
  images: 1,
  lane: 'standard',
};
const costs = (change: Partial<PricedItem>, prices = first) =>
  priceOf({ ...item, ...change }, prices).priceMicros;

describe('the first prices', () => {
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
    // 0.0015 USD an image, at 0.04 USD a credit; the batch lane takes nothing off it.
    [{ detection: true }, 1_037_500n],
    [{ detection: true, images: 3, lane: 'batch' }, 2_400_000n + 112_500n],
    [{ operation: 'video', width: 1024, height: 576, seconds: 3.5 }, 4_000_000n],
    [{ operation: 'video', width: 1280, height: 720, seconds: 2 }, 4_000_000n],
    [{ operation: 'face-swap', width: 2048, height: 1024 }, 2_000_000n],
    [{ operation: 'face-swap-video', width: 640, height: 360, seconds: 4.1 }, 7_500_000n],
    [{ plan: 'standard' }, 1_000_000n],
    [{ plan: 'constructor' }, 1_000_000n],
  ])('%j costs %p micro-credits', (change, expected) => {
    expect(costs(change)).toBe(expected);
  });
});

describe('priceOf', () => {
  it('tells the rule of every line, and the version', () => {
    const prices = book({
      rules: [rule({ steps: [{ above: 30, surcharge_percent: 50 }] })],
      plans: { pro: { discount_percent: 10 } },
    });
    const asked = { ...item, steps: 31, images: 2, lane: 'batch', detection: true, plan: 'pro' };
    const { lines, priceVersion, priceMicros } = priceOf(asked as PricedItem, prices);
    expect(lines.map((line) => [line.rule, line.amountMicros])).toEqual([
      ['all', 2_000_000n],
      ['steps', 1_000_000n],
      ['lane:batch', -600_000n],
      ['output_detection', 75_000n],
      ['plan:pro', -247_500n],
    ]);
    expect(lines[0]?.what).toBe('generate builtin/painter-1 1024x1024');
    expect([priceVersion, priceMicros]).toEqual(['test-1', 2_227_500n]);
  });

  it('prefers the first rule that fits: operation, full name or prefix, and hints', () => {
    const prices = book({
      rules: [
        rule({ id: 'a', models: 'a/b', credits: '1' }),
        rule({ id: 'b', models: 'a/*', quality: ['high'], credits: '2' }),
        rule({ id: 'c', models: 'a/*', resolution: ['4k', '8k'], credits: '3' }),
        rule({ id: 'd', models: 'a/*', operations: ['edit'], credits: '4' }),
        rule({ id: 'e', models: '*', credits: '5' }),
      ],
    });
    const ruleOf = (change: Partial<PricedItem>) =>
      priceOf({ ...item, ...change }, prices).lines[0]?.rule;
    expect(ruleOf({ model: 'a/b', quality: 'high' })).toBe('a');
    expect(ruleOf({ model: 'a/c', quality: 'high' })).toBe('b');
    expect(ruleOf({ model: 'a/c', quality: 'medium', resolution: '4k' })).toBe('c');
    expect(ruleOf({ model: 'a/c', operation: 'edit' })).toBe('d');
    expect([ruleOf({ model: 'a/c' }), ruleOf({ model: 'a' })]).toEqual(['e', 'e']);
  });

  it('charges a video by started second and block', () => {
    const prices = book({
      sells: ['video'],
      rules: [
        rule({
          ...{ id: 'video', operations: ['video'], per: 'second' },
          ...{ block_pixels: 921_600, credits: '3' },
        }),
      ],
    });
    const video = { operation: 'video', width: 1280, height: 720 } as const;
    expect(costs({ ...video, seconds: 4 }, prices)).toBe(12_000_000n);
    expect(costs({ ...video, seconds: 4.1 }, prices)).toBe(15_000_000n);
    expect(costs({ ...video, width: 1920, height: 1080, seconds: 4 }, prices)).toBe(36_000_000n);
    const { lines } = priceOf({ ...item, ...video, seconds: 4.1 }, prices);
    expect(lines[0]?.what).toMatch(/1280x720, 5 s$/);
  });

  it('rounds in the customer’s favour what does not divide', () => {
    const prices = book({
      rules: [rule({ credits: '0.000101', steps: [{ above: 30, surcharge_percent: 33 }] })],
      lanes: {
        interactive: { surcharge_percent: 7 },
        standard: { surcharge_percent: 0 },
        batch: { discount_percent: 20 },
      },
    });
    expect(costs({ steps: 31 }, prices)).toBe(134n); // 101 + 33.33
    expect(costs({ lane: 'interactive' }, prices)).toBe(108n); // 101 + 7.07
    expect(costs({ lane: 'batch' }, prices)).toBe(80n); // 101 - 20.2
  });
});

describe('canonicalItem', () => {
  it('is equal for equal items only', () => {
    const reversed = Object.fromEntries(Object.entries(item).reverse()) as PricedItem;
    expect(canonicalItem(reversed)).toBe(canonicalItem(item));
    expect(canonicalItem({ ...item, images: 2 })).not.toBe(canonicalItem(item));
  });
});
