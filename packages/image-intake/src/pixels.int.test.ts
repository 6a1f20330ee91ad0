import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { ImageIntake } from './index.js';
import type { Orientation } from './format/essence.js';
import { exifBlock } from './test/exif.js';
import { jpegSegment, withJpegSegments } from './test/jpeg-file.js';
import { pngChunk, pngFile, pngHeader, withPngChunks } from './test/png-file.js';
import { cornered, difference, drawn, painted, photo, pixelAt, pixelsOf } from './test/pictures.js';
import type { Pixels, Rgb } from './test/pictures.js';
import { webpChunk, webpExtended, webpFile, webpFrame } from './test/webp-file.js';

let intake: ImageIntake;
beforeAll(async () => {
  intake = await ImageIntake.start({ maxBytes: 10_000_000 });
});
afterAll(() => intake.close());

const cleaned = async (file: Buffer) => {
  const image = await intake.clean(file);
  const pixels = await pixelsOf(image.bytes);
  expect(pixels).toMatchObject({ width: image.width, height: image.height });
  return { ...image, pixels };
};

/** Where a shown pixel is stored, by the words of the EXIF standard on each orientation. */
const storedAt: Record<Orientation, (x: number, y: number, w: number, h: number) => number[]> = {
  1: (x, y) => [x, y],
  2: (x, y, w) => [w - 1 - x, y],
  3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
  4: (x, y, _, h) => [x, h - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, _, h) => [y, h - 1 - x],
  7: (x, y, w, h) => [w - 1 - y, h - 1 - x],
  8: (x, y, w) => [w - 1 - y, x],
};

function shown(stored: Pixels, orientation: Orientation): Pixels {
  const { width, height } = stored;
  const size = orientation < 5 ? { width, height } : { width: height, height: width };
  return painted(size, (x, y) => {
    const [left, top] = storedAt[orientation](x, y, width, height);
    return pixelAt(stored, left!, top!);
  });
}

describe.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('a picture of EXIF orientation %i', (value) => {
  const upright = shown(cornered(), value);

  it('is upright after it came as PNG', async () => {
    const file = withPngChunks(
      await drawn(cornered()).png().toBuffer(),
      pngChunk('eXIf', exifBlock(value)),
    );
    expect(difference((await cleaned(file)).pixels, upright)).toBe(0);
  });

  it('is upright after it came as JPEG', async () => {
    const exif = jpegSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exifBlock(value)]));
    const jpeg = drawn(cornered()).jpeg({ quality: 95, chromaSubsampling: '4:4:4' });
    const file = withJpegSegments(await jpeg.toBuffer(), exif);
    expect(difference((await cleaned(file)).pixels, upright)).toBeLessThan(16);
  });

  it('is upright after it came as WebP', async () => {
    const frame = webpFrame(await drawn(cornered()).webp({ lossless: true }).toBuffer());
    const exif = webpChunk('EXIF', exifBlock(value));
    const file = webpFile([webpExtended(48, 32, 0x08), frame, exif]);
    expect(difference((await cleaned(file)).pixels, upright)).toBe(0);
  });
});

describe('a cleaned picture', () => {
  it('has the pixels of a PNG to the bit, and those of a JPEG and WebP to the eye', async () => {
    const original = photo(300, 200);
    const png = await cleaned(await drawn(original).png().toBuffer());
    expect(difference(png.pixels, original)).toBe(0);
    const jpeg = await drawn(original).jpeg({ quality: 90 }).toBuffer();
    const again = await cleaned(jpeg);
    expect(again.mediaType).toBe('image/jpeg');
    expect(difference(again.pixels, await pixelsOf(jpeg))).toBeLessThan(24);
    const webp = await drawn(original).webp({ quality: 90 }).toBuffer();
    const webpAgain = await cleaned(webp);
    expect(webpAgain.mediaType).toBe('image/webp');
    expect(difference(webpAgain.pixels, await pixelsOf(webp))).toBeLessThan(40);
  });

  it('keeps its transparency in PNG and WebP', async () => {
    const [width, height] = [20, 10];
    const data = Buffer.alloc(width * height * 4, 200);
    data.fill(90, 0, data.length / 2);
    const glass = () => sharp(data, { raw: { width, height, channels: 4 } });
    for (const file of [glass().png(), glass().webp({ lossless: true }), glass().webp()]) {
      const image = await intake.clean(await file.toBuffer());
      const alpha = await sharp(image.bytes).extractChannel(3).raw().toBuffer();
      expect([alpha[0], alpha.at(-1)]).toEqual([90, 200]);
    }
  });

  it('comes back as PNG from a lossless WebP, to the bit', async () => {
    const original = photo(120, 90);
    const image = await cleaned(await drawn(original).webp({ lossless: true }).toBuffer());
    expect(image.mediaType).toBe('image/png');
    expect(difference(image.pixels, original)).toBe(0);
  });

  it('has eight bits a channel and three colours, whatever it had', async () => {
    const original = photo(64, 40);
    const grey = await pixelsOf(await drawn(original).greyscale().png().toBuffer());
    const deep = drawn(original).toColourspace('rgb16').png();
    const files: [Buffer, Pixels][] = [
      [await deep.toBuffer(), original],
      [await drawn(original).png({ progressive: true }).toBuffer(), original],
      [await drawn(original).greyscale().toColourspace('b-w').png().toBuffer(), grey],
    ];
    expect(files[0]![0][24]).toBe(16);
    for (const [file, expected] of files) {
      const image = await cleaned(file);
      expect(difference(image.pixels, expected)).toBeLessThanOrEqual(1);
      expect(await sharp(image.bytes).metadata()).toMatchObject({ depth: 'uchar', channels: 3 });
      expect((await sharp(image.bytes).metadata()).isProgressive).toBe(false);
    }
  });

  it('is drawn from a palette, and from one bit a pixel', async () => {
    const palette = await drawn(cornered()).png({ palette: true, colours: 8 }).toBuffer();
    const image = await cleaned(palette);
    expect(difference(image.pixels, await pixelsOf(palette))).toBe(0);
    const rows = deflateSync(Buffer.from([0, 0b10100000, 0, 0b01000000]));
    const bits = pngFile(pngHeader(3, 2, { depth: 1, colour: 0 }), pngChunk('IDAT', rows));
    const { pixels } = await cleaned(bits);
    expect([0, 1, 2].map((x) => pixelAt(pixels, x, 0)[0])).toEqual([255, 0, 255]);
    expect([0, 1, 2].map((x) => pixelAt(pixels, x, 1)[0])).toEqual([0, 255, 0]);
  });

  it('is drawn from a JPEG in CMYK, and from a progressive one', async () => {
    const cmyk = await drawn(cornered()).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    const image = await cleaned(cmyk);
    // Edges blur where colour is stored at half the resolution, so the corners' middles count.
    const middles = (pixels: Pixels) =>
      [8, 32].flatMap((x) => [4, 20].flatMap((y) => pixelAt(pixels, x, y)));
    const expected = middles(await pixelsOf(cmyk));
    middles(image.pixels).forEach((value, index) => {
      expect(Math.abs(value - expected[index]!)).toBeLessThan(12);
    });
    const progressive = await drawn(photo(90, 60)).jpeg({ progressive: true }).toBuffer();
    expect(
      difference((await cleaned(progressive)).pixels, await pixelsOf(progressive)),
    ).toBeLessThan(24);
  });
});

/** A colour of Display P3 in sRGB, by the matrices of both standards. */
function fromDisplayP3(colour: Rgb): number[] {
  const linear = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const matrix = [
    [1.2249, -0.2247, 0],
    [-0.042, 1.0419, 0],
    [-0.0197, -0.0786, 1.0979],
  ];
  return matrix.map((row) => {
    const share = row.reduce((sum, factor, index) => sum + factor * linear[index]!, 0);
    const value = share <= 0.0031308 ? share * 12.92 : 1.055 * share ** (1 / 2.4) - 0.055;
    return Math.round(255 * value);
  });
}

describe('a picture with a colour profile', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('is in sRGB after it came as %s', async (format) => {
    const colour: Rgb = [180, 120, 90];
    const tagged = await drawn(painted({ width: 32, height: 32 }, () => colour))
      .withIccProfile('p3', { attach: true })
      .toFormat(format, { quality: 100, lossless: format === 'webp' })
      .toBuffer();
    // The library converted to P3 as it attached the profile, so the stored colour is its own.
    const stored = await sharp(tagged, { ignoreIcc: true }).raw().toBuffer();
    const expected = fromDisplayP3([stored[0]!, stored[1]!, stored[2]!]);
    const { pixels } = await cleaned(tagged);
    const seen = pixelAt(pixels, 16, 16);
    seen.forEach((value, channel) => {
      expect(Math.abs(value - expected[channel]!)).toBeLessThanOrEqual(3);
    });
    expect(Math.abs(stored[0]! - expected[0]!)).toBeGreaterThan(4);
  });
});
