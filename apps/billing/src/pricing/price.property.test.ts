import { describe, expect, it } from '@jest/globals';
import type { PricedItem } from '@safelight/contracts';
import fc from 'fast-check';
import { arbitraryItem, arbitraryPrices } from '../test/arbitrary-prices.js';
import { bookOf } from './price-book.js';
import { canonicalItem, priceOf } from './price.js';

const runs = { numRuns: 500 };

/** Holds for any item under any book. */
const always = (check: (item: PricedItem, book: ReturnType<typeof bookOf>) => void): void =>
  fc.assert(
    fc.property(arbitraryItem, arbitraryPrices, (item, prices) => check(item, bookOf(prices))),
    runs,
  );

describe('a price under any book', () => {
  it('is the sum of its lines, each its quantity times its unit, and above zero', () =>
    always((item, book) => {
      const { lines, priceMicros } = priceOf(item, book);
      expect(lines.reduce((sum, { amountMicros }) => sum + amountMicros, 0n)).toBe(priceMicros);
      for (const { quantity, unitMicros, amountMicros } of lines) {
        expect(quantity * unitMicros).toBe(amountMicros);
      }
      expect(priceMicros).toBeGreaterThan(0n);
    }));

  it.each(['images', 'width', 'height', 'steps', 'seconds'] as const)(
    'is never less for more %s',
    (field) =>
      always((item, book) => {
        const more = { ...item, [field]: (item[field] ?? 1) + 1 };
        const less = { ...item, [field]: item[field] ?? 1 };
        expect(priceOf(more, book).priceMicros).toBeGreaterThanOrEqual(
          priceOf(less, book).priceMicros,
        );
      }),
  );

  it('is the same again, and whatever the order of the fields', () =>
    always((item, book) => {
      const reversed = Object.fromEntries(Object.entries(item).reverse()) as PricedItem;
      expect(priceOf(reversed, book)).toEqual(priceOf(item, book));
      expect(canonicalItem(reversed)).toBe(canonicalItem(item));
      const again = JSON.parse(canonicalItem(item)) as PricedItem;
      expect(priceOf(again, book)).toEqual(priceOf(item, book));
    }));

  it('is off by less than one micro-credit a percentage, and never to the customer’s harm', () =>
    always((item, book) => {
      const { lines, priceMicros } = priceOf(item, book);
      // The same in fractions of 100 for each of the at most three percentages.
      let exact = 0n;
      const scale = 100n ** 3n;
      for (const { rule, quantity, unitMicros } of lines) {
        const percent = percentOf(rule, item, book);
        exact += percent === undefined ? quantity * unitMicros * scale : (exact * percent) / 100n;
      }
      expect(priceMicros * scale).toBeLessThanOrEqual(exact);
      // Three roundings; the surcharge of the lane, ten times at most, makes the first of them larger.
      const slack = 13n * scale;
      expect(exact - priceMicros * scale).toBeLessThan(slack);
    }));
});

/** What a line of a percentage adds, below zero for a discount; `undefined` for any other line. */
function percentOf(rule: string, item: PricedItem, book: ReturnType<typeof bookOf>) {
  const change = rule.startsWith('lane:') ? book.lanes[item.lane] : book.plans[item.plan ?? ''];
  if (rule === 'steps') {
    const fitting = book.rules.find(({ id }) => id === priceOf(item, book).lines[0]?.rule);
    return BigInt(
      fitting?.steps.findLast(({ above }) => item.steps > above)?.surcharge_percent ?? 0,
    );
  }
  if (!rule.startsWith('lane:') && !rule.startsWith('plan:')) return undefined;
  if (change === undefined) return 0n;
  return 'discount_percent' in change
    ? -BigInt(change.discount_percent)
    : BigInt(change.surcharge_percent);
}
