import { hash } from 'node:crypto';
import { type Header, type MediaType, readHeader } from './format/formats.js';
import { ImageRefused } from './refusals.js';

/** A picture of our own making: upright, sRGB, 8 bits a channel, no metadata of any kind. */
export type CleanImage = Readonly<{
  bytes: Buffer;
  /** That of the original, but a lossless WebP comes back as PNG. */
  mediaType: MediaType;
  width: number;
  height: number;
  /** Of `bytes`, in hexadecimal. */
  sha256: string;
}>;

/**
 * Takes over what a decoding process hands out. The process may have been taken over by what it
 * read, so its answer has to be the picture that was declared, in the format that was.
 *
 * @throws {ImageRefused} `image.damaged`
 */
export function approve(bytes: Buffer, declared: Header): CleanImage {
  const { mediaType, width, height } = readHeader(bytes);
  const sameType =
    mediaType === declared.mediaType ||
    (declared.mediaType === 'image/webp' && mediaType === 'image/png');
  const asDeclared = width === declared.width && height === declared.height;
  const onItsSide = width === declared.height && height === declared.width;
  if (!sameType || !(asDeclared || onItsSide)) throw new ImageRefused('image.damaged');
  return { bytes, mediaType, width, height, sha256: hash('sha256', bytes, 'hex') };
}
