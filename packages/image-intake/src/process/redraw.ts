import sharp, { type Sharp } from 'sharp';
import type { Encoding, Orientation } from '../format/essence.js';
import { essenceOf } from '../format/formats.js';
import { assertSize, ImageRefused } from '../refusals.js';
import type { Limits } from './limits.js';

sharp.cache(false);
sharp.concurrency(1);
// Whatever else the library was built to read, it reads these three, from memory.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});

/**
 * Draws a picture anew: only the parts of the file that its pixels need are decoded, turned upright,
 * brought to sRGB with 8 bits a channel, and written by our own encoder. Nothing else of the file
 * arrives on the other side.
 *
 * @throws {ImageRefused}
 */
export async function redraw(
  file: Buffer,
  limits: Pick<Limits, 'maxPixels' | 'maxOutputBytes' | 'maxMemoryBytes'>,
): Promise<Buffer> {
  const essence = essenceOf(file);
  assertSize(essence.size, limits.maxPixels);
  if (essence.heldBytes > limits.maxMemoryBytes - programBytes) throw tooComplex();
  const decoded = sharp(essence.bytes, { limitInputPixels: limits.maxPixels, failOn: 'warning' });
  const upright = turned(decoded, essence.orientation).toColourspace('srgb');
  const encoded = await encodedAs(upright, essence.encoding).toBuffer().catch(rethrow);
  // Our encoders write densities and the like, which say nothing and differ between versions.
  const written = essenceOf(encoded).bytes;
  if (written.length > limits.maxOutputBytes) throw tooComplex();
  return written;
}

/** What this process takes before it has seen a picture. */
const programBytes = 70_000_000;
const tooComplex = () => new ImageRefused('image.too_complex');

/** The library mirrors before it turns. */
function turned(image: Sharp, orientation: Orientation): Sharp {
  switch (orientation) {
    case 1:
      return image;
    case 2:
      return image.flop();
    case 3:
      return image.rotate(180);
    case 4:
      return image.flip();
    case 5:
      return image.flop().rotate(270);
    case 6:
      return image.rotate(90);
    case 7:
      return image.flop().rotate(90);
    case 8:
      return image.rotate(270);
  }
}

/** Optimised Huffman tables, and harder work on WebP, want the whole picture in memory again. */
function encodedAs(image: Sharp, encoding: Encoding): Sharp {
  switch (encoding) {
    case 'png':
      return image.png({ compressionLevel: 2, adaptiveFiltering: true });
    case 'jpeg':
      return image.jpeg({ quality: 92, chromaSubsampling: '4:2:0', optimiseCoding: false });
    case 'jpeg-full-chroma':
      return image.jpeg({ quality: 92, chromaSubsampling: '4:4:4', optimiseCoding: false });
    case 'webp':
      return image.webp({ quality: 90, effort: 2 });
  }
}

function rethrow(error: unknown): never {
  const reason = error instanceof Error ? error.message : '';
  if (/memory|alloc|unable to encode/i.test(reason)) throw tooComplex();
  throw new ImageRefused('image.damaged');
}
