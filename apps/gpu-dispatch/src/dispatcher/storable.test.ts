import { describe, expect, it } from '@jest/globals';
import { storable } from './storable.js';

describe('what a worker wrote', () => {
  it('is kept but for what no database holds', () => {
    expect(storable('a\0b\uD800c')).toBe('a\uFFFDb\uFFFDc');
    expect(storable('Größe 🙂')).toBe('Größe 🙂');
  });
});
