import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { hash } from 'node:crypto';
import { ImageIntake } from './index.js';
import { exifBlock } from './test/exif.js';
import { jpegSegment, jpegSegmentsOf, withJpegSegments } from './test/jpeg-file.js';
import { drawn, photo } from './test/pictures.js';
import { pngChunk, pngChunksOf, withPngChunks } from './test/png-file.js';
import { webpChunk, webpChunksOf, webpExtended, webpFile, webpFrame } from './test/webp-file.js';

/** Not compressed anywhere it is planted, so that a search of the bytes would find it. */
const canary = 'CANARY 59.3293N 18.0686E <?php <script>';
const text = Buffer.from(canary);
const exif = Buffer.concat([Buffer.from('Exif\0\0'), exifBlock(1, canary)]);
const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/">${canary}</x:xmpmeta>`;
const trailer = Buffer.from(`PK\x03\x04${canary}</html>`);

let intake: ImageIntake;
beforeAll(async () => {
  intake = await ImageIntake.start({ maxBytes: 10_000_000 });
});
afterAll(() => intake.close());

const cleaned = async (file: Buffer) => {
  expect(file.includes(text)).toBe(true);
  const image = await intake.clean(file);
  expect(image.bytes.includes('CANARY')).toBe(false);
  expect(image.bytes.includes('Exif')).toBe(false);
  const known = await sharp(image.bytes).metadata();
  expect(known).toMatchObject({ width: image.width, height: image.height });
  expect([known.exif, known.icc, known.xmp, known.iptc, known.comments]).toEqual(
    Array.from({ length: 5 }),
  );
  expect(image.sha256).toBe(hash('sha256', image.bytes, 'hex'));
  return image;
};

describe('of a PNG', () => {
  it('nothing is left but header, pixels and end', async () => {
    const plain = await drawn(photo(64, 48)).withIccProfile('p3').png().toBuffer();
    const marked = withPngChunks(
      plain,
      pngChunk('eXIf', exifBlock(1, canary)),
      pngChunk('tEXt', `Comment\0${canary}`),
      pngChunk('iTXt', `XML:com.adobe.xmp\0\0\0\0\0${xmp}`),
      pngChunk('zTXt', Buffer.concat([Buffer.from('Author\0\0'), deflateSync(text)])),
      pngChunk('tIME', Buffer.from([7, 234, 11, 21, 10, 0, 0])),
      pngChunk('pHYs', Buffer.from([0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, 1])),
      pngChunk('caBX', canary),
    );
    const image = await cleaned(Buffer.concat([marked, trailer]));
    const types = new Set(pngChunksOf(image.bytes).map(({ type }) => type));
    expect([...types]).toEqual(['IHDR', 'IDAT', 'IEND']);
  });
});

describe('of a JPEG', () => {
  it('nothing is left but frame, tables and scan', async () => {
    const plain = await drawn(photo(64, 48)).withIccProfile('p3').jpeg().toBuffer();
    const marked = withJpegSegments(
      plain,
      jpegSegment(0xe1, exif),
      jpegSegment(0xe1, `http://ns.adobe.com/xap/1.0/\0${xmp}`),
      jpegSegment(0xe2, `MPF\0${canary}`),
      jpegSegment(0xeb, `JP\0\0${canary}`),
      jpegSegment(0xed, `Photoshop 3.0\0${canary}`),
      jpegSegment(0xe5, canary),
      jpegSegment(0xfe, canary),
    );
    const image = await cleaned(Buffer.concat([marked, trailer, plain]));
    const codes = new Set(jpegSegmentsOf(image.bytes).map(({ code }) => code));
    expect([...codes].toSorted((one, other) => one - other)).toEqual([0xc0, 0xc4, 0xda, 0xdb]);
    expect(image.bytes.indexOf(Buffer.from([0xff, 0xd9]))).toBe(image.bytes.length - 2);
  });
});

describe('of a WebP', () => {
  it.each([
    ['lossy', { lossless: false, alpha: false }],
    ['with transparency', { lossless: false, alpha: true }],
    ['lossless', { lossless: true, alpha: false }],
  ])('that is %s, nothing is left but its planes', async (_, { lossless, alpha }) => {
    const picture = alpha ? drawn(photo(64, 48)).ensureAlpha(0.5) : drawn(photo(64, 48));
    const plain = await picture.withIccProfile('p3').webp({ lossless }).toBuffer();
    const needed = webpChunksOf(plain).filter(({ type }) => ['ICCP', 'ALPH'].includes(type));
    const marked = webpFile([
      webpExtended(64, 48, alpha ? 0x3c : 0x2c),
      ...needed.map(({ type, data }) => webpChunk(type, data)),
      webpFrame(plain),
      webpChunk('EXIF', exif),
      webpChunk('XMP ', xmp),
      webpChunk('C2PA', canary),
    ]);
    expect(needed).toHaveLength(alpha ? 2 : 1);
    const image = await cleaned(Buffer.concat([marked, trailer]));
    if (lossless) {
      expect(image.mediaType).toBe('image/png');
    } else {
      const types = webpChunksOf(image.bytes).map(({ type }) => type);
      expect(types).toEqual(alpha ? ['VP8X', 'ALPH', 'VP8 '] : ['VP8 ']);
    }
  });
});
