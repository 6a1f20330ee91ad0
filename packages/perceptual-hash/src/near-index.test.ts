import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distance, type Hash, WORDS } from './hash.js';
import { NearIndex, nearTables, wordsFor } from './near-index.js';
import { randomOf } from './test/scenes.js';

const hashBy = (random: () => number): Hash =>
  Uint32Array.from({ length: WORDS }, () => random() * 2 ** 32);

function withFlips(hash: Hash, bits: Iterable<number>): Hash {
  const changed = hash.slice();
  for (const bit of bits) changed[bit >> 5] = (changed[bit >> 5] ?? 0) ^ (1 << (bit & 31));
  return changed;
}

/** By tables, however few they are. */
function indexOf(hashes: readonly Hash[]): NearIndex {
  const words = wordsFor(hashes.length);
  hashes.forEach((hash, at) => words.set(hash, at * WORDS));
  return new NearIndex(nearTables(words, 0));
}

const byHand = (hashes: readonly Hash[], hash: Hash) =>
  hashes.flatMap((one, at) => {
    const bits = distance(one, hash);
    return bits <= 31 ? [{ at, distance: bits }] : [];
  });

describe('the hashes near one', () => {
  it('are those of 31 bits or less, wherever the bits that differ lie', () => {
    const bits = fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { minLength: 0, maxLength: 40 });
    // Within few words, so that some are spread and others crowd.
    const crowded = fc
      .tuple(fc.integer({ min: 0, max: 15 }), bits)
      .map(([band, all]) => all.map((bit) => (bit < 128 ? band * 16 + (bit % 16) : bit)));
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.oneof(bits, crowded), { maxLength: 12 }), (seed, all) => {
        const random = randomOf(seed);
        const asked = hashBy(random);
        const strangers = Array.from({ length: 20 }, () => hashBy(random));
        const hashes = [...strangers, ...all.map((flips) => withFlips(asked, new Set(flips)))];
        const index = indexOf(hashes);
        expect(index.near(asked)).toEqual(byHand(hashes, asked));
        expect(index.scan(asked)).toEqual(byHand(hashes, asked));
      }),
      { numRuns: 60 },
    );
  });

  it('are found at the very edge: two bits in fifteen bands and one in the last', () => {
    const random = randomOf(9);
    const asked = hashBy(random);
    for (let spared = 0; spared < 16; spared++) {
      const flips = Array.from({ length: 16 }, (_, band) =>
        band === spared ? [band * 16] : [band * 16, band * 16 + 15],
      ).flat();
      const [edge, beyond] = [flips, [...flips, spared * 16 + 5]];
      const index = indexOf([withFlips(asked, edge), withFlips(asked, beyond)]);
      expect(index.near(asked)).toEqual([{ at: 0, distance: 31 }]);
    }
  });

  it('are found among many that are all alike', () => {
    const asked = hashBy(randomOf(3));
    const alike = Array.from({ length: 500 }, (_, at) =>
      withFlips(asked, [at % 256, 255 - (at % 7)]),
    );
    expect(indexOf(alike).near(asked)).toEqual(byHand(alike, asked));
  });

  it('are none in an empty index', () => {
    expect(indexOf([]).near(hashBy(Math.random))).toEqual([]);
  });
});
