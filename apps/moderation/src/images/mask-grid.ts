import type { JobSpec } from '@safelight/contracts';
import sharp from 'sharp';
import type { MaskGrid } from '../combination/mask-region.js';

const SIDE = 256;
/** 40 megapixels: beyond this a file is a bomb, not a picture. */
const limitInputPixels = 40_000_000;

/**
 * What a mask repaints, by the meaning that the job gives it: white, black or what is transparent.
 * @throws Error of sharp, in words alone, for what is no whole image
 */
export async function maskGridOf(mask: Uint8Array, repaint: JobSpec['repaint']): Promise<MaskGrid> {
  const opened = sharp(mask, { limitInputPixels, failOn: 'error', ignoreIcc: true });
  const channel =
    repaint === 'transparent'
      ? opened.ensureAlpha().extractChannel('alpha')
      : opened.flatten({ background: '#000000' }).greyscale().extractChannel(0);
  const weights = await channel.resize(SIDE, SIDE, { fit: 'fill' }).raw().toBuffer();
  if (weights.length !== SIDE * SIDE) throw new Error('a mask of more than one channel');
  return { side: SIDE, weights: repaint === 'white' ? weights : weights.map((one) => 255 - one) };
}
