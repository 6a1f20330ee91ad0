import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Unstorable } from './faults.js';
import { fromStoredJson, toStoredJson } from './stored-json.js';

describe('stored JSON', () => {
  it('gives back what was stored, amounts as bigint', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
    const event = fc.record({
      text,
      // A backslash before "u0000" is text, not an escaped NUL.
      tricky: fc.constantFrom('\\u0000', '\\\\u0000', '\\ud800', '"Micros"'),
      priceMicros: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
      nested: fc.array(fc.record({ heldMicros: fc.bigInt(), name: text })),
    });
    fc.assert(
      fc.property(event, (value) => {
        expect(fromStoredJson(toStoredJson(value))).toEqual(value);
      }),
    );
  });

  it('refuses every text with a NUL or half a surrogate pair, wherever it stands', () => {
    const bad = fc.constantFrom('\0', '\ud83d', '\udc00', '\udfff');
    fc.assert(
      fc.property(fc.string(), bad, fc.constantFrom('a', '\\', '\\\\'), (before, part, after) => {
        const text = `${before}${part}${after}`;
        expect(() => toStoredJson({ list: [{ text }] })).toThrow(Unstorable);
        expect(() => toStoredJson({ [text]: 1 })).toThrow(Unstorable);
      }),
    );
  });

  it('refuses what has no JSON form', () => {
    let deep: unknown[] = [];
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
    for (const value of [undefined, () => 1, { ratio: NaN }, { count: 1n }, deep]) {
      expect(() => toStoredJson(value)).toThrow(Unstorable);
    }
  });
});
