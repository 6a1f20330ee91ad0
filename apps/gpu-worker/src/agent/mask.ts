import type { JobSpec } from '@safelight/contracts';
import sharp from 'sharp';
import type { Pictures } from './inputs.js';

/** Pixels; the services in front allow no more. */
const MOST_PIXELS = 40_000_000;

/**
 * The mask as every engine takes it: a PNG whose white is repainted. Clients of some services say it
 * the other way round, or by transparency.
 */
export async function withWhiteMask(
  pictures: Pictures,
  repaint: JobSpec['repaint'],
): Promise<Pictures> {
  const { mask } = pictures;
  if (mask === undefined || repaint === 'white') return pictures;
  const drawn = sharp(mask, { limitInputPixels: MOST_PIXELS, failOn: 'error' });
  // One channel each: how opaque, or how light, a pixel is. What is not, is repainted.
  const kept =
    repaint === 'transparent'
      ? drawn.ensureAlpha().extractChannel('alpha')
      : drawn.flatten({ background: 'white' }).greyscale();
  const white = await kept.negate().toColourspace('b-w').png().toBuffer();
  return { ...pictures, mask: white };
}
