import { describe, expect, it } from '@jest/globals';
import { byteRange } from './byte-range.js';

describe('a range of bytes', () => {
  it.each([
    ['bytes=0-', { start: 0, end: 99 }],
    ['bytes=10-19', { start: 10, end: 19 }],
    ['bytes=90-500', { start: 90, end: 99 }],
    ['bytes=-5', { start: 95, end: 99 }],
    ['bytes=-500', { start: 0, end: 99 }],
  ])('%s of 100 bytes is one', (header, range) => {
    expect(byteRange(header, 100)).toEqual(range);
  });

  it.each([
    [undefined],
    [''],
    ['bytes=-'],
    ['bytes=-0'],
    ['bytes=100-'],
    ['bytes=20-10'],
    ['bytes=0-1,5-6'],
    ['items=0-1'],
    ['bytes=a-b'],
  ])('%s means the whole file', (header) => {
    expect(byteRange(header, 100)).toBeUndefined();
  });
});
