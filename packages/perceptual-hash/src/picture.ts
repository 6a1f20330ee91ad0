import sharp, { type Sharp } from 'sharp';
import type { Luminance } from './box-filter.js';
import { pdqOf, type Pdq } from './pdq.js';

/** 40 megapixels: beyond this a file is a bomb, not a picture. */
const limitInputPixels = 40_000_000;
/** Larger pictures are made smaller first, as the reference implementation does. */
const LARGEST_SIDE = 512;

/**
 * PDQ of an image file. A picture that is seen through in places has two: as if it were not, which
 * is how the reference implementation takes it, and on white.
 *
 * @returns nothing for a picture with a side below five pixels
 * @throws Error of sharp, in words alone, for what is no whole image
 */
export async function pdqOfPicture(bytes: Uint8Array): Promise<Pdq[]> {
  const { hasAlpha } = await picture(bytes).metadata();
  const seen = [picture(bytes).removeAlpha()];
  if (hasAlpha) seen.push(picture(bytes).flatten({ background: '#ffffff' }));
  const found = await Promise.all(seen.map(async (one) => pdqOf(await luminanceOf(one))));
  return found.filter((pdq) => pdq !== undefined);
}

/** Colours as they are written: the reference implementation looks at no profile. */
const picture = (bytes: Uint8Array): Sharp =>
  sharp(bytes, { limitInputPixels, failOn: 'error', ignoreIcc: true });

async function luminanceOf(one: Sharp): Promise<Luminance> {
  const { data, info } = await sized(one, await one.metadata())
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const values = new Float32Array(width * height);
  for (let at = 0; at < values.length; at++) {
    const from = at * channels;
    const red = data[from] ?? 0;
    // Rec. 601; a picture that is grey has one channel.
    values[at] =
      channels < 3
        ? red
        : 0.299 * red + 0.587 * (data[from + 1] ?? 0) + 0.114 * (data[from + 2] ?? 0);
  }
  return { values, width, height };
}

const sized = (one: Sharp, { width, height }: { width: number; height: number }) =>
  Math.max(width, height) > LARGEST_SIDE
    ? one.resize(LARGEST_SIDE, LARGEST_SIDE, { fit: 'fill' })
    : one;
