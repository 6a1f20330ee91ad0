import type { PricedItem } from '@safelight/contracts';
import fc from 'fast-check';
import { written, type WrittenRule } from './books.js';

const operations = ['generate', 'edit', 'upscale', 'video'] as const;

/** From the smallest that a book may say up to what nobody would pay. */
const credits = fc
  .integer({ min: 100, max: 2_000_000_000 })
  .map((amount) => `${Math.floor(amount / 1e6)}.${String(amount % 1e6).padStart(6, '0')}`);

const percent = (max: number) => fc.integer({ min: 0, max });

const change = fc.oneof(
  percent(90).map((discount_percent) => ({ discount_percent })),
  percent(1_000).map((surcharge_percent) => ({ surcharge_percent })),
);

const tiers = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 100 }), percent(1_000)), {
    maxLength: 3,
    selector: ([above]) => above,
  })
  .map((pairs) => {
    const [aboves, surcharges] = [0, 1].map((at) =>
      pairs.map((pair) => pair[at] ?? 0).sort((a, b) => a - b),
    );
    return (aboves ?? []).map((above, at) => ({
      above,
      surcharge_percent: surcharges?.[at] ?? 0,
    }));
  });

const rule = (fallback: boolean) => (id: number) =>
  fc.record<WrittenRule>({
    id: fc.constant(`${fallback ? 'fallback' : 'rule'}-${id}`),
    operations: fallback
      ? fc.constant([...operations])
      : fc.uniqueArray(fc.constantFrom(...operations), { minLength: 1 }),
    models: fallback ? fc.constant('*') : fc.constantFrom('a/b', 'a/*', 'b/*', '*'),
    per: fc.constantFrom('image', 'second'),
    block_pixels: fc.constantFrom(1, 4_096, 262_144, 1_048_576),
    credits,
    steps: tiers,
  });

/** Books as the schema allows them, with a price for everything. */
export const arbitraryPrices = fc
  .record({
    first: rule(false)(1),
    second: rule(false)(2),
    last: rule(true)(3),
    detection: credits,
    lanes: fc.record({ interactive: change, standard: change, batch: change }),
    pro: percent(90),
  })
  .map(({ first, second, last, detection, lanes, pro }) =>
    written({
      sells: [...operations],
      rules: [first, second, last],
      add_ons: { output_detection: { credits: detection } },
      lanes,
      plans: { pro: { discount_percent: pro } },
    }),
  );

const side = fc.integer({ min: 1, max: 8_192 });

export const arbitraryItem: fc.Arbitrary<PricedItem> = fc.record(
  {
    operation: fc.constantFrom(...operations),
    model: fc.constantFrom('a/b', 'a/c', 'b/d', 'c'),
    width: side,
    height: side,
    steps: fc.integer({ min: 1, max: 100 }),
    images: fc.integer({ min: 1, max: 16 }),
    lane: fc.constantFrom('interactive', 'standard', 'batch'),
    seconds: fc.double({ min: 0.1, max: 60, noNaN: true }),
    detection: fc.constant(true as const),
    plan: fc.constantFrom('pro', 'other'),
  },
  { requiredKeys: ['operation', 'model', 'width', 'height', 'steps', 'images', 'lane'] },
);
