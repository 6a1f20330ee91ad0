import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bandsNear, bandsOf } from './bands.js';

const word = fc.integer({ min: 0, max: 0xffffffff });
const hashes = fc
  .array(word, { minLength: 8, maxLength: 8 })
  .map((words) => new Uint32Array(words));

describe('the parts of a hash', () => {
  it('have one in common with those near any hash within 31 bits', () => {
    const bits = fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { maxLength: 31 });
    fc.assert(
      fc.property(hashes, bits, (hash, changed) => {
        const other = hash.slice();
        for (const bit of changed) other[bit >> 5] = (other[bit >> 5] ?? 0) ^ (1 << (bit & 31));
        const near = new Set(bandsNear(hash));
        expect(bandsOf(other).some((band) => near.has(band))).toBe(true);
      }),
    );
  });
});
