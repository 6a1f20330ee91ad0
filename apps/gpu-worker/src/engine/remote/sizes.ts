import sharp from 'sharp';
import type { Size } from '../builtin/intake.js';
import type { Picture } from '../builtin/picture.js';
import { EngineError } from '../engine.js';

/** How far the sides' ratio of an edited picture may be off before it counts as another picture. */
const RATIO_TOLERANCE = 0.03;

/** The smallest size that a model can draw and that holds this one. */
export const stepped = ({ width, height }: Size, step: number): Size => ({
  width: Math.ceil(width / step) * step,
  height: Math.ceil(height / step) * step,
});

/**
 * A picture that was drawn in whole steps, in the size asked for. One of any other size stays as it is
 * and is reported with that size: nothing is blown up to look like what was asked for.
 */
export async function fitted(made: Picture, drawn: Size, asked: Size): Promise<Picture> {
  const isDrawn = made.width === drawn.width && made.height === drawn.height;
  return isDrawn ? scaledTo(made, asked) : made;
}

/**
 * An edited picture, as large as its image: servers round sizes, and some choose their own.
 *
 * @throws EngineError `engine.output_size` where its sides have another ratio
 */
export async function fittedToImage(made: Picture, image: Size): Promise<Picture> {
  const ratio = (made.width * image.height) / (made.height * image.width);
  if (Math.abs(ratio - 1) <= RATIO_TOLERANCE) return scaledTo(made, image);
  const message = `The engine made ${made.width} × ${made.height} of ${image.width} × ${image.height}.`;
  throw new EngineError('engine.output_size', message);
}

async function scaledTo(made: Picture, { width, height }: Size): Promise<Picture> {
  if (made.width === width && made.height === height) return made;
  const raw = { width: made.width, height: made.height, channels: 4 } as const;
  const rgba = await sharp(made.rgba, { raw })
    .resize({ width, height, fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
  return { rgba: new Uint8Array(rgba), width, height };
}
