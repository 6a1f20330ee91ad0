import { describe, expect, it } from '@jest/globals';
import { Recent } from './recent.js';

describe('what was used recently', () => {
  it('is kept up to the capacity; the value unused for longest goes first', () => {
    const recent = new Recent<number>(2);
    recent.put('a', 1);
    recent.put('b', 2);
    expect(recent.get('a')).toBe(1);
    recent.put('c', 3);
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([1, undefined, 3]);
    expect(recent.size).toBe(2);
  });
});
