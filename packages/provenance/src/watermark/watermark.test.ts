import { describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { randomOf, scene } from '../test/scene.js';
import { decode, encode } from './code.js';
import { findWatermark, SURE } from './search.js';
import { Watermark } from './watermark.js';

const watermark = new Watermark(Buffer.alloc(32, 7));
const ID = 'fedcba9876543210';
const pixelsOf = async (picture: Sharp) => {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 3 as const };
};
const marked = async (seed: number, side = 640): Promise<Buffer> => {
  const pixels = await pixelsOf(scene(seed, side, side));
  watermark.write(pixels, ID);
  return sharp(pixels.data, { raw: pixels }).png({ compressionLevel: 1 }).toBuffer();
};

describe('the code', () => {
  it('gives the payload back though an eighth of its bits is wrong', () => {
    const random = randomOf(3);
    for (const payload of [0n, 1n, 2n ** 64n - 1n, 0xfedcba9876543210n]) {
      const soft = Float64Array.from(encode(payload), (bit) => (random() < 0.125 ? -bit : bit));
      expect(decode(soft)).toBe(payload);
    }
  });
});

describe('a watermark', () => {
  it.each<[string, (picture: Buffer) => Sharp, number]>([
    ['nothing', (picture) => sharp(picture), 1],
    ['JPEG 50', (picture) => sharp(picture).jpeg({ quality: 50 }), 1],
    ['WebP 60', (picture) => sharp(picture).webp({ quality: 60 }), 1],
    ['half the size', (picture) => sharp(picture).resize(320, 320), 0.5],
    [
      'a fifth of each side cut off, and JPEG 50',
      (picture) =>
        sharp(picture)
          .extract({ left: 77, top: 41, width: 512, height: 512 })
          .jpeg({ quality: 50 }),
      1,
    ],
    ['being mirrored', (picture) => sharp(picture).flop(), 1],
  ])('is read after %s', async (_what, change, scale) => {
    for (const seed of [1, 2]) {
      const [likeliest] = await findWatermark(
        await change(await marked(seed)).toBuffer(),
        watermark,
      );
      expect(likeliest).toMatchObject({ id: ID, scale });
      expect(likeliest!.strength).toBeGreaterThan(SURE);
    }
  });

  it('is not seen: PSNR is 44 dB and more', async () => {
    for (const side of [320, 640]) {
      const before = await pixelsOf(scene(4, side, side));
      const after = { ...before, data: Buffer.from(before.data) };
      watermark.write(after, ID);
      const squares = after.data.map((value, at) => (value - (before.data[at] ?? 0)) ** 2);
      const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
      expect(10 * Math.log10(255 ** 2 / mean)).toBeGreaterThan(44);
    }
  });

  it('is in no other picture, and not to be found without the key', async () => {
    const stranger = new Watermark(Buffer.alloc(32, 8));
    expect(await findWatermark(await marked(1, 400), stranger)).not.toContainEqual(
      expect.objectContaining({ id: ID }),
    );
    const plain = await scene(5, 400, 400).png().toBuffer();
    for (const { id, strength } of await findWatermark(plain, watermark)) {
      expect([id === ID, strength < SURE]).toEqual([false, true]);
    }
  });

  it('changes no pixel that was not made, and no picture that is too small', async () => {
    const before = await pixelsOf(scene(7, 256, 256));
    const made = new Uint8Array(256 * 256).fill(1, 256 * 100);
    const after = { ...before, data: Buffer.from(before.data) };
    watermark.write(after, ID, made);
    const edge = 256 * 100 * 3;
    expect(after.data.subarray(0, edge).equals(before.data.subarray(0, edge))).toBe(true);
    expect(after.data.subarray(edge).equals(before.data.subarray(edge))).toBe(false);
    const small = await pixelsOf(scene(8, 127, 400));
    const as = Buffer.from(small.data);
    watermark.write(small, ID);
    expect(as.equals(small.data)).toBe(true);
  });

  it('has for each picture of a job an id that only the key tells', () => {
    const ids = [
      watermark.idOf('job_1', 0),
      watermark.idOf('job_1', 1),
      watermark.idOf('job_2', 0),
    ];
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toBe(watermark.idOf('job_1', 0));
    expect(new Watermark(Buffer.alloc(32, 8)).idOf('job_1', 0)).not.toBe(ids[0]);
    expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
  });
});
