import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestOf, isWellFormed, newApiKey } from './api-key.js';

describe('an API key', () => {
  it('is well formed as made, live and test', () => {
    for (const kind of ['live', 'test'] as const) {
      const key = newApiKey(kind);
      expect(key).toMatch(new RegExp(`^sl_${kind}_[0-9A-Za-z]{49}$`));
      expect(isWellFormed(key)).toBe(true);
    }
  });

  it('is refused when any one character of it was changed', () => {
    const key = newApiKey('live');
    fc.assert(
      fc.property(
        fc.nat(key.length - 1),
        fc.constantFrom('a', 'b', 'X', 'Z', '0', '9', '_', '-'),
        (at, character) => {
          fc.pre(key[at] !== character);
          expect(isWellFormed(key.slice(0, at) + character + key.slice(at + 1))).toBe(false);
        },
      ),
    );
  });

  it('never repeats, and its digest does not hold it', () => {
    const keys = new Set(Array.from({ length: 1000 }, () => newApiKey('live')));
    expect(keys.size).toBe(1000);
    for (const key of keys) expect(digestOf(key)).toHaveLength(32);
  });
});
