import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { approve } from './clean-image.js';
import { pngFile, pngHeader, zeroPixels } from './test/png-file.js';
import { webpChunk, webpFile } from './test/webp-file.js';

const png = pngFile(pngHeader(4, 3), zeroPixels(12, 3));
const webp = webpFile([webpChunk('VP8L', Buffer.from([0x2f, 3, 0x80, 0, 0]))]);
const damaged = expect.objectContaining({ code: 'image.damaged' });

describe('what a decoding process hands out', () => {
  it('is taken when it is the picture declared, upright or turned', () => {
    const image = { bytes: png, mediaType: 'image/png', width: 4, height: 3 };
    const sha256 = hash('sha256', png, 'hex');
    for (const [width, height] of [
      [4, 3],
      [3, 4],
    ] as const) {
      const taken = approve(png, { mediaType: 'image/png', width, height });
      expect(taken).toEqual({ ...image, sha256 });
    }
  });

  it('is taken as PNG for a WebP, and never the other way round', () => {
    const size = { width: 4, height: 3 };
    expect(approve(png, { mediaType: 'image/webp', ...size }).mediaType).toBe('image/png');
    expect(approve(webp, { mediaType: 'image/webp', ...size })).toMatchObject(size);
    expect(() => approve(webp, { mediaType: 'image/png', ...size })).toThrow(damaged);
    expect(() => approve(png, { mediaType: 'image/jpeg', ...size })).toThrow(damaged);
  });

  it.each([
    [5, 3],
    [4, 4],
    [3, 3],
    [12, 1],
  ])('is refused when %i × %i were declared', (width, height) => {
    expect(() => approve(png, { mediaType: 'image/png', width, height })).toThrow(damaged);
  });

  it('is refused when it is no picture at all', () => {
    const declared = { mediaType: 'image/png', width: 4, height: 3 } as const;
    for (const answer of ['', '<html>', png.toString('base64')]) {
      expect(() => approve(Buffer.from(answer), declared)).toThrow(/JPEG, PNG or WebP/);
    }
  });
});
