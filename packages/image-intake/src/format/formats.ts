import { ImageRefused, type Size } from '../refusals.js';
import type { Essence } from './essence.js';
import { essentialJpeg, isJpeg, jpegSize } from './jpeg.js';
import { essentialPng, isPng, pngSize } from './png.js';
import { essentialWebp, isWebp, webpSize } from './webp.js';

export type MediaType = 'image/jpeg' | 'image/png' | 'image/webp';

type Format = Readonly<{
  mediaType: MediaType;
  is: (bytes: Buffer) => boolean;
  sizeOf: (bytes: Buffer) => Size;
  essenceOf: (bytes: Buffer) => Essence;
}>;

/** All that is let in. Each is known by its first bytes, never by a name or a claim. */
const formats: readonly Format[] = [
  { mediaType: 'image/jpeg', is: isJpeg, sizeOf: jpegSize, essenceOf: essentialJpeg },
  { mediaType: 'image/png', is: isPng, sizeOf: pngSize, essenceOf: essentialPng },
  { mediaType: 'image/webp', is: isWebp, sizeOf: webpSize, essenceOf: essentialWebp },
];

export type Header = Size & Readonly<{ mediaType: MediaType }>;

/**
 * What a file declares about itself, read without decoding anything: no more than its first
 * segments are looked at.
 *
 * @throws {ImageRefused} `image.not_supported`, `image.damaged`
 */
export function readHeader(bytes: Buffer): Header {
  const { mediaType, sizeOf } = formatOf(bytes);
  return { mediaType, ...sizeOf(bytes) };
}

/**
 * The parts of a file that its picture needs.
 * @throws {ImageRefused} for every fault in the file's structure
 */
export const essenceOf = (bytes: Buffer): Essence => formatOf(bytes).essenceOf(bytes);

function formatOf(bytes: Buffer): Format {
  const format = formats.find(({ is }) => is(bytes));
  if (!format) throw new ImageRefused('image.not_supported');
  return format;
}
