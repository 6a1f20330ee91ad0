import { describe, expect, it } from '@jest/globals';
import { rule, written } from '../../test/books.js';
import { firstPrices } from '../first-prices.js';
import { bookOf } from '../price-book.js';
import { checkPrices, type PriceSurroundings } from './check-prices.js';

const around: PriceSurroundings = {
  nowMs: Date.parse('2026-12-01T00:00:00.000Z'),
  leadMs: 60_000,
  versions: [firstPrices.version],
  before: bookOf(firstPrices),
};
const sound = written({ effective_from: '2027-01-01T00:00:00.000Z' });
const faultsOf = (change: object) =>
  checkPrices({ ...sound, ...change }, around).faults.map(({ at, message }) => `${at}: ${message}`);

describe('checkPrices', () => {
  it('finds nothing wrong with a sound document', () => {
    expect(faultsOf({})).toEqual([]);
    expect(faultsOf({ rules: [rule({ id: 'a', models: 'a/*' }), rule()] })).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    [
      'an amount that is a number',
      { rules: [{ ...rule(), credits: 1.5 }] },
      /^rules\/0\/credits: .*decimal string/,
    ],
    [
      'an amount below zero',
      { rules: [rule({ credits: '-1' })] },
      /^rules\/0\/credits: .*decimal string/,
    ],
    ['an amount of seven places', { rules: [rule({ credits: '0.0000001' })] }, /decimal string/],
    ['an amount that a discount makes nothing', { rules: [rule({ credits: '0' })] }, /"0\.0001"/],
    [
      'a discount of everything',
      { plans: { pro: { discount_percent: 100 } } },
      /^plans\/pro\/discount_percent/,
    ],
    ['half a percent', { plans: { pro: { discount_percent: 0.5 } } }, /^plans\/pro/],
    ['a field that nobody knows', { discount: 1 }, /discount/],
    [
      'two rules of one name',
      { rules: [rule({ models: 'a/*' }), rule()] },
      /^rules: must each have an id/,
    ],
    [
      'tiers out of order',
      {
        rules: [
          rule({
            steps: [
              { above: 9, surcharge_percent: 1 },
              { above: 5, surcharge_percent: 2 },
            ],
          }),
        ],
      },
      /^rules\/0\/steps: must be in rising order/,
    ],
    [
      'tiers that fall',
      {
        rules: [
          rule({
            steps: [
              { above: 5, surcharge_percent: 2 },
              { above: 9, surcharge_percent: 1 },
            ],
          }),
        ],
      },
      /^rules\/0\/steps: must not become cheaper/,
    ],
    [
      'a model without a price',
      { rules: [rule({ models: 'builtin/*' })] },
      /^rules: generate is for sale, but not every model has a price/,
    ],
    [
      'a hint without a price',
      { rules: [rule({ quality: ['high'] })] },
      /^rules: upscale is for sale/m,
    ],
    [
      'a rule behind one that takes all',
      { rules: [rule({ id: 'a' }), rule({ id: 'b', models: 'a/b' })] },
      /^rules\/1: b can never apply/,
    ],
    [
      'a price for what is not for sale',
      {
        sells: ['generate', 'edit', 'upscale', 'video', 'face-swap-video'],
        withdraws: ['face-swap'],
        rules: [rule()],
      },
      /^rules\/0\/operations: all has a price for face-swap/,
    ],
    [
      'a version that was used',
      { version: firstPrices.version },
      /^version: price-book-3 was published before/,
    ],
    [
      'a date that is too near',
      { effective_from: '2026-12-01T00:00:59.999Z' },
      /^effective_from: must be at least 60 s ahead/,
    ],
    [
      'something dropped by mistake',
      {
        sells: ['generate', 'edit', 'video'],
        rules: [rule({ operations: ['generate', 'edit', 'video'] })],
      },
      /^sells: price-book-3 sells upscale and this does not/,
    ],
  ])('names %s', (_, change, expected) => {
    expect(faultsOf(change).join('\n')).toMatch(expected);
  });

  it('lets what is withdrawn on purpose go, and tells all faults at once', () => {
    const fewer = {
      sells: ['generate', 'edit'],
      rules: [rule({ operations: ['generate', 'edit'] })],
    };
    const rest = ['upscale', 'video', 'face-swap', 'face-swap-video'];
    expect(faultsOf({ ...fewer, withdraws: rest })).toEqual([]);
    const dates = { version: firstPrices.version, effective_from: '2026-11-01T00:00:00.000Z' };
    expect(faultsOf({ ...fewer, ...dates })).toHaveLength(6);
  });

  it.each([null, 7, 'prices', []])('takes %j for no document', (nothing) => {
    expect(checkPrices(nothing, around).faults).toHaveLength(1);
  });
});
