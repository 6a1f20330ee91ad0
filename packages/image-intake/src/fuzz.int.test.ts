import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { essenceOf, readHeader } from './format/formats.js';
import { isPng } from './format/png.js';
import { ImageIntake, ImageRefused, type ImageRun } from './index.js';
import { exifBlock } from './test/exif.js';
import { jpegSegment, withJpegSegments } from './test/jpeg-file.js';
import { drawn, photo } from './test/pictures.js';
import { pngChunk, resealed, withPngChunks } from './test/png-file.js';
import { webpChunk, webpExtended, webpFile, webpFrame } from './test/webp-file.js';

/** Set both to repeat a failure, or to try more: the long run is 20,000. */
const seed = Number(process.env['IMAGE_FUZZ_SEED'] ?? Date.now() % 1_000_000);
const count = Number(process.env['IMAGE_FUZZ_COUNT'] ?? 60);

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * One to eight bytes changed, mostly in the first 200, where the structure is. Most PNGs get new
 * checksums, or no fault would come further than to the first wrong one.
 */
function flipped(file: Buffer, random: () => number): Buffer {
  const changed = Buffer.from(file);
  const flips = 1 + Math.floor(random() * 8);
  for (let flip = 0; flip < flips; flip += 1) {
    const reach = random() < 0.6 ? Math.min(200, file.length) : file.length;
    changed[Math.floor(random() * reach)] = Math.floor(random() * 256);
  }
  return random() < 0.8 && isPng(file) ? resealed(changed) : changed;
}

const runs: ImageRun[] = [];
let originals: Buffer[];
let intake: ImageIntake;
beforeAll(async () => {
  const exif = exifBlock(6, 'somewhere');
  const picture = photo(48, 40);
  const frame = webpFrame(await drawn(picture).webp().toBuffer());
  const segment = jpegSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif]));
  const tagged = () => drawn(picture).withIccProfile('p3');
  originals = [
    withPngChunks(await tagged().png().toBuffer(), pngChunk('eXIf', exif)),
    await drawn(picture).png({ palette: true, progressive: true }).toBuffer(),
    withJpegSegments(await tagged().jpeg().toBuffer(), segment),
    await drawn(picture).jpeg({ progressive: true }).toBuffer(),
    webpFile([webpExtended(48, 40, 0x08), frame, webpChunk('EXIF', exif)]),
    await drawn(picture).ensureAlpha(0.5).webp().toBuffer(),
    await drawn(picture).webp({ lossless: true }).toBuffer(),
  ];
  const observe = (run: ImageRun) => runs.push(run);
  intake = await ImageIntake.start({ maxBytes: 1_000_000, maxWaiting: count, observe });
});
afterAll(() => intake.close());

const isExpected = (error: unknown) => error instanceof ImageRefused;

describe(`with bytes changed at random (seed ${seed})`, () => {
  it('a file is taken apart or refused, and in no other way', () => {
    const random = randomFrom(seed);
    let refused = 0;
    for (let round = 0; round < 300 * count; round += 1) {
      const file = flipped(originals[round % originals.length]!, random);
      try {
        readHeader(file);
        // What is left of a file is taken apart again into the same.
        const { bytes, size } = essenceOf(file);
        expect(essenceOf(bytes).bytes.equals(bytes)).toBe(true);
        expect(readHeader(bytes)).toMatchObject(size);
      } catch (error) {
        if (!isExpected(error)) throw error;
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(300 * count);
  });

  it('a picture is drawn anew or refused, within its limits', async () => {
    const random = randomFrom(seed + 1);
    const cleaning = Array.from({ length: count }, (_, round) =>
      intake.clean(flipped(originals[round % originals.length]!, random)).then(
        () => 'cleaned',
        (error: unknown) => (isExpected(error) ? 'refused' : String(error)),
      ),
    );
    const ends = await Promise.all(cleaning);
    expect(ends.filter((end) => end !== 'cleaned' && end !== 'refused')).toEqual([]);
    expect(Math.max(...runs.map((run) => run.peakMemoryBytes))).toBeLessThanOrEqual(300_000_000);
    expect(Math.max(...runs.map((run) => run.cpuMs))).toBeLessThanOrEqual(2_100);
  });
});
