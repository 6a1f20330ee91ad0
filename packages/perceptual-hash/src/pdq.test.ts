import { describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { SMALL } from './box-filter.js';
import { lowFrequencies } from './cosine-transform.js';
import { distance, hexOf, hashOfHex } from './hash.js';
import { orientations, pdqOf } from './pdq.js';
import { pdqOfPicture } from './picture.js';
import { publishedPicture } from './test/published-picture.js';
import { randomOf, scene } from './test/scenes.js';

const hashesOf = async (picture: Sharp) => (await pdqOfPicture(await picture.toBuffer()))[0]!;

describe('PDQ', () => {
  it('is the published hash of the published picture, bit by bit', async () => {
    const [pdq] = await pdqOfPicture(publishedPicture.png);
    expect([hexOf(pdq!.hashes[0]!), pdq!.quality]).toEqual([publishedPicture.pdq, 100]);
  });

  it('finds a wave in its place among the frequencies, and nothing elsewhere', () => {
    for (const [down, across] of [
      [1, 1],
      [3, 7],
      [16, 16],
    ] as const) {
      const wave = (at: number, frequency: number) =>
        Math.cos((Math.PI / 2 / SMALL) * (2 * at + 1) * frequency);
      const picture = Float32Array.from(
        { length: SMALL * SMALL },
        (_, at) => 128 + 100 * wave(Math.floor(at / SMALL), down) * wave(at % SMALL, across),
      );
      const strong = [...lowFrequencies(picture)].map((value) => Math.round(value * 10) / 10);
      // A wave of 64 samples with amplitude 100 in both directions: 100 × 64 / 2.
      const expected = Array.from({ length: 256 }, (_, at) =>
        at === (down - 1) * 16 + across - 1 ? 3200 : 0,
      );
      expect(strong.map(Math.abs)).toEqual(expected);
    }
  });

  it.each([
    ['nothing', () => 90, 0],
    ['one edge of full height', (x: number) => (x < 32 ? 0 : 255), 71],
    ['too faint an edge', (x: number) => (x < 32 ? 0 : 2), 0],
    ['stripes', (x: number) => (x % 8 < 4 ? 0 : 255), 100],
  ])('has the quality of a picture with %s', (_what, value, quality) => {
    const values = Float32Array.from({ length: 64 * 64 }, (_, at) => value(at % 64));
    expect(pdqOf({ values, width: 64, height: 64 })!.quality).toBe(quality);
  });

  it('says nothing of a picture with a side below five pixels', async () => {
    const sized = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: '#888' } })
        .png()
        .toBuffer()
        .then(pdqOfPicture);
    expect([await sized(4, 400), await sized(400, 4)]).toEqual([[], []]);
    expect(await sized(5, 5)).toHaveLength(1);
  });

  const turns: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
    'as it is': (picture) => picture,
    'turned by 90': (picture) => picture.rotate(90),
    'turned by 180': (picture) => picture.rotate(180),
    'turned by 270': (picture) => picture.rotate(270),
    'upside down': (picture) => picture.flip(),
    'left to right': (picture) => picture.flop(),
    'rows as columns': (picture) => picture.rotate(270).flop(),
    'rows as columns, turned': (picture) => picture.rotate(90).flop(),
  };

  it('knows the hashes of all eight orientations of a picture, within 8 bits', async () => {
    // Sides whose filters have even and odd windows, in both directions.
    for (const [width, height] of [
      [512, 256],
      [333, 240],
      [64, 192],
    ]) {
      const { hashes } = await hashesOf(scene(1, width, height).png());
      const off = orientations.map(async ({ name }, at) => {
        const turned = await hashesOf(turns[name]!(scene(1, width, height).png()));
        return distance(turned.hashes[0]!, hashes[at]!);
      });
      expect(Math.max(...(await Promise.all(off)))).toBeLessThanOrEqual(8);
      const apart = hashes.flatMap((one, at) =>
        hashes.slice(at + 1).map((two) => distance(one, two)),
      );
      expect(Math.min(...apart)).toBeGreaterThan(60);
    }
  });

  it('stays within 31 bits of a picture that was compressed, made smaller, dimmed or blurred', async () => {
    const copies: readonly ((picture: Sharp) => Sharp)[] = [
      (picture) => picture.jpeg({ quality: 50 }),
      (picture) => picture.resize(200, 150).png(),
      (picture) => picture.modulate({ brightness: 0.7 }).webp({ quality: 60 }),
      (picture) => picture.blur(2).png(),
      (picture) => picture.greyscale().png(),
      (picture) => picture.toColourspace('cmyk').jpeg({ quality: 90 }),
    ];
    for (const seed of [1, 2]) {
      const { hashes, quality } = await hashesOf(scene(seed, 400, 300).png());
      expect(quality).toBeGreaterThanOrEqual(80);
      for (const copy of copies) {
        const copied = await hashesOf(copy(scene(seed, 400, 300)));
        expect(distance(hashes[0]!, copied.hashes[0]!)).toBeLessThanOrEqual(31);
      }
    }
  });

  it('tells strangers apart', async () => {
    const all = await Promise.all([1, 2, 3, 4].map((seed) => hashesOf(scene(seed).png())));
    const apart = all.flatMap((one, at) =>
      all.slice(at + 1).flatMap((two) => one.hashes.map((hash) => distance(hash, two.hashes[0]!))),
    );
    expect(Math.min(...apart)).toBeGreaterThan(80);
  });

  it('looks at a picture that is seen through as it lies on white, too', async () => {
    const { data, info } = await scene(7, 256, 256).raw().toBuffer({ resolveWithObject: true });
    const random = randomOf(7);
    const behind = Buffer.alloc(info.width * info.height * 4);
    // All of the picture is in the alpha channel; what is written as colours is noise.
    for (let at = 0; at < info.width * info.height; at++) {
      behind.fill(random() < 0.5 ? 0 : 40, at * 4, at * 4 + 3);
      behind[at * 4 + 3] = 255 - (data[at * 3] ?? 0);
    }
    const raw = { width: 256, height: 256, channels: 4 } as const;
    const hidden = await pdqOfPicture(await sharp(behind, { raw }).png().toBuffer());
    const shown = await hashesOf(scene(7, 256, 256).extractChannel('red').png());
    expect(hidden.map(({ hashes }) => distance(hashes[0]!, shown.hashes[0]!) <= 31)).toEqual([
      false,
      true,
    ]);
  });

  it('refuses what is no whole image', async () => {
    const png = await scene(1, 64, 64).png().toBuffer();
    await expect(pdqOfPicture(png.subarray(0, png.length / 2))).rejects.toThrow();
    await expect(pdqOfPicture(Buffer.from('no image'))).rejects.toThrow();
  });
});

describe('the hex of a hash', () => {
  it('is read as it is written, in capitals too, and nothing else is', () => {
    const hash = hashOfHex(publishedPicture.pdq)!;
    expect(hexOf(hash)).toBe(publishedPicture.pdq);
    expect(hashOfHex(publishedPicture.pdq.toUpperCase())).toEqual(hash);
    // The last digit holds the lowest bits, as in the reference implementation.
    expect([hash[0]! & 0xf, hash[7]! >>> 28]).toEqual([0x6, 0xa]);
    for (const text of ['', '0'.repeat(63), '0'.repeat(65), `${'0'.repeat(63)}g`]) {
      expect(hashOfHex(text)).toBeUndefined();
    }
  });
});
