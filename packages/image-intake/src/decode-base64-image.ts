import { ImageRefused, tooLarge } from './refusals.js';

/**
 * The bytes of an image that came inside JSON. Its length is judged before anything is decoded, and
 * the text must be what an encoder writes: standard alphabet, padded, one line. A `data:` URL is
 * refused, because the type it claims would have to be ignored anyway.
 *
 * @param maxBytes the most bytes after decoding
 * @throws {ImageRefused} `image.too_large`, `image.not_base64`
 */
export function decodeBase64Image(text: string, maxBytes: number): Buffer {
  if (text.length > 4 * Math.ceil(maxBytes / 3)) throw tooLarge(maxBytes);
  const bytes = Buffer.from(text, 'base64');
  // Node's decoder skips what it does not know. What it wrote would look different again.
  if (text === '' || bytes.toString('base64') !== text) throw new ImageRefused('image.not_base64');
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  return bytes;
}
