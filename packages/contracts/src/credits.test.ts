import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatCredits, parseCredits } from './credits.js';

describe('credits', () => {
  it.each([
    [0n, '0'],
    [1_000_000n, '1'],
    [12_500_000n, '12.5'],
    [1n, '0.000001'],
    [-250_000n, '-0.25'],
    [500_000_000n, '500'],
  ])('%s micro-credits read %s', (amountMicros, text) => {
    expect(formatCredits(amountMicros)).toBe(text);
    expect(parseCredits(text)).toBe(amountMicros);
  });

  it('come back as they went, whatever the amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), (amountMicros) => {
        expect(parseCredits(formatCredits(amountMicros))).toBe(amountMicros);
      }),
    );
  });

  it.each(['', '1.', '.5', '1e3', '0x10', '1.0000001', ' 1', 'NaN'])('%j is no amount', (text) => {
    expect(() => parseCredits(text)).toThrow(RangeError);
  });
});
