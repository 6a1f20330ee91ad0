import { describe, expect, it } from '@jest/globals';
import { nearest } from './nearest.js';

describe('the names most like a word', () => {
  it('are an edit or two away, or one within the other, the nearest first', () => {
    const names = ['ink', 'Depth Map', 'canny', 'deep', 'detail-tweaker'];
    expect(nearest('depth_mop', names)).toEqual(['Depth Map']);
    expect(nearest('detail', names)).toEqual(['detail-tweaker']);
    expect(nearest('cany', names)).toEqual(['canny']);
    expect(nearest('nothing like it', names)).toEqual([]);
  });

  it('are compared by their beginnings where they are long', () => {
    const [one, other] = ['y', 'z'].map((end) => `${'ink'.repeat(30)}${end.repeat(90)}`);
    expect(nearest(one ?? '', [other ?? ''])).toEqual([other]);
  });
});
