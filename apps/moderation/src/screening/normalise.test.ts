import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { squeezed } from './normalise.js';

describe('a squeezed word', () => {
  const letters = fc.constantFrom(...Array.from('abAß9·н𝓃𝓊😀'));

  it('has each run of one letter once, and is the same word where there is none', () => {
    const words = ['nnuuude', 'aab', 'baa', '𝓃𝓃𝓊', 'nude', ''];
    expect(words.map(squeezed)).toEqual(['nude', 'ab', 'ba', '𝓃𝓊', 'nude', '']);
    fc.assert(
      fc.property(
        fc.array(letters).map((word) => word.join('')),
        (word) => {
          const runs = Array.from(word).filter((letter, at, all) => letter !== all[at - 1]);
          expect(squeezed(word)).toBe(runs.join(''));
        },
      ),
    );
  });
});
