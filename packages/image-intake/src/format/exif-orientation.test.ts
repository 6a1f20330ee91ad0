import { describe, expect, it } from '@jest/globals';
import { bigEndianExif, exifBlock } from '../test/exif.js';
import { exifOrientation } from './exif-orientation.js';

const eight = [1, 2, 3, 4, 5, 6, 7, 8];

/** A block with some of its bytes written over. */
function changed(at: number, ...bytes: number[]): Buffer {
  const block = exifBlock(6);
  block.set(bytes, at);
  return block;
}

describe('the orientation in EXIF', () => {
  it('is read in both byte orders', () => {
    expect(eight.map((value) => exifOrientation(exifBlock(value)))).toEqual(eight);
    expect(eight.map((value) => exifOrientation(bigEndianExif(value)))).toEqual(eight);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['half a header', exifBlock(6).subarray(0, 6)],
    ['another byte order', changed(0, 0x4a, 0x4a)],
    ['a value of 0', exifBlock(0)],
    ['a value of 9', exifBlock(9)],
    ['a value of another type', changed(12, 4)],
    ['a directory beyond the end', changed(4, 0xff, 0xff, 0xff, 0xff)],
    ['a directory at the last byte', changed(4, exifBlock(6).length - 1)],
    ['no entries', changed(8, 0, 0)],
  ])('is upright with %s', (_, block) => {
    expect(exifOrientation(block)).toBe(1);
  });

  it('is found where the directory claims more entries than it has', () => {
    expect(exifOrientation(changed(8, 0xff, 0xff))).toBe(6);
  });
});
