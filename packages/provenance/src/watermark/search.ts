import sharp, { type Sharp } from 'sharp';
import { brightnessOf } from './embed.js';
import type { Reading } from './read.js';
import { idOfPayload, type Watermark, type WatermarkId } from './watermark.js';

/** An id that a picture may carry, found at a scale. */
export interface Candidate {
  readonly id: WatermarkId;
  /** As `Reading.strength`. */
  readonly strength: number;
  /** How large the picture is against when it was made. */
  readonly scale: number;
  readonly mirrored: boolean;
}

/** 40 megapixels: beyond this a file is a bomb, not a picture. */
const limitInputPixels = 40_000_000;
/** As much of a picture is looked at, around its middle, as it was when it was made. Pixels a side. */
const MOST_SIDE = 1_536;
const MOST_SIDE_SCALED = 1_024;
/**
 * The likeliest first. Every scale in between would have to be looked at on its own: an error of half a
 * percent is a tenth of a tile at the far side.
 */
const SCALES = [1, 1 / 2, 3 / 4, 2 / 3, 1 / 4, 2] as const;
/** Below this nothing is worth looking up: most pictures without a watermark reach 4. */
const WORTH_ASKING = 4.5;
/**
 * From here on a watermark is there, whoever knows its id. All places, sides and scales are some 200,000 chances;
 * each has one of 1.3 · 10⁻¹² to reach 7 standard deviations: less than one picture of three million.
 */
export const SURE = 7;

/**
 * Looks for a watermark at the scales that pictures are usually brought to; ends with the first that is sure.
 *
 * @returns ids that the picture may carry, the likeliest first: only a record of them proves anything
 * @throws Error of sharp, in words alone, for what is no whole image
 */
export async function findWatermark(image: Uint8Array, watermark: Watermark): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const scale of SCALES) {
    const readings = watermark.read(await brightnessAt(image, scale));
    found.push(...readings.map((reading) => candidateOf(reading, scale)));
    if (readings.some(({ strength }) => strength >= SURE)) break;
  }
  return found
    .filter(({ strength }) => strength >= WORTH_ASKING)
    .sort((a, b) => b.strength - a.strength);
}

const candidateOf = ({ payload, strength, mirrored }: Reading, scale: number): Candidate => ({
  id: idOfPayload(payload),
  ...{ strength, scale, mirrored },
});

/** Of the middle of a picture, as large as it was if it was brought to this scale. */
async function brightnessAt(image: Uint8Array, scale: number) {
  const opened = () => sharp(image, { limitInputPixels, failOn: 'error' }).autoOrient();
  const { width, height } = (await opened().metadata()).autoOrient;
  const most = scale === 1 ? MOST_SIDE : MOST_SIDE_SCALED;
  const middle = middleOf(width, height, Math.round(most * scale));
  const part = opened().extract(middle);
  const sized = scale === 1 ? part : enlarged(part, middle, scale);
  const { data, info } = await sized
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return brightnessOf({ data, ...info });
}

const enlarged = (
  part: Sharp,
  { width, height }: { width: number; height: number },
  scale: number,
): Sharp =>
  part.resize({
    ...{
      width: Math.max(1, Math.round(width / scale)),
      height: Math.max(1, Math.round(height / scale)),
    },
    ...{ fit: 'fill', kernel: 'cubic' },
  });

function middleOf(width: number, height: number, most: number) {
  const [w, h] = [Math.min(width, most), Math.min(height, most)];
  return { left: (width - w) >> 1, top: (height - h) >> 1, width: w, height: h };
}
