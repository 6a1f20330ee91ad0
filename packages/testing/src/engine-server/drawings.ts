import { createHash } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';

/** A plain picture, of another colour for other words. */
export function drawnPng(width: number, height: number, words: unknown): Promise<Buffer> {
  return plainPicture(width, height, words).png().toBuffer();
}

/** The same, with words in the file as many servers leave them there. */
export function signedPng(
  width: number,
  height: number,
  words: { readonly note: string },
): Promise<Buffer> {
  const picture = plainPicture(width, height, words);
  const { note } = words;
  const signed = note === '' ? picture : picture.withExif({ IFD0: { ImageDescription: note } });
  return signed.png().toBuffer();
}

export function drawnJpeg(width: number, height: number, words: unknown): Promise<Buffer> {
  return plainPicture(width, height, words).jpeg({ quality: 95 }).toBuffer();
}

function plainPicture(width: number, height: number, words: unknown): Sharp {
  const [r = 0, g = 0, b = 0] = createHash('sha256').update(JSON.stringify(words)).digest();
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } });
}
