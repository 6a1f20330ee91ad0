import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JsonWriter } from './json-writer.js';

describe('JsonWriter', () => {
  it('writes what JSON.stringify writes, before and after it has met a bigint', () => {
    const writer = new JsonWriter();
    const same = () =>
      fc.assert(
        fc.property(fc.jsonValue(), (value) => {
          expect(writer.write(value)).toBe(JSON.stringify(value));
        }),
      );
    same();
    expect(writer.write({ amounts: [{ leftMicros: 2n ** 60n }], n: 1 })).toBe(
      '{"amounts":[{"leftMicros":"1152921504606846976"}],"n":1}',
    );
    same();
    expect(writer.write({ leftMicros: -5n })).toBe('{"leftMicros":"-5"}');
  });

  it('refuses a circle', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(() => new JsonWriter().write(circle)).toThrow(TypeError);
  });
});
