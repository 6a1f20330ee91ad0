import sharp, { type Sharp } from 'sharp';
import { decodeImage, decodeMask, type Size } from '../builtin/intake.js';

/** A customer's picture as a server gets it: an upright PNG without metadata. */
export interface InputPng extends Size {
  readonly bytes: Buffer;
}

const FAST = { compressionLevel: 4 };

/**
 * @param size that it is stretched to, where it is not to stay as large as it is
 * @throws EngineError `engine.image_unreadable`
 */
export async function pictureAsPng(bytes: Uint8Array, size?: Size): Promise<InputPng> {
  const { rgba, width, height } = await decodeImage(bytes);
  const to = size ?? { width, height };
  const png = sharp(rgba, { raw: { width, height, channels: 4 } });
  return { bytes: await stretched(png, to).png(FAST).toBuffer(), ...to };
}

/**
 * A grey PNG, white where it is to be repainted.
 *
 * @param image as large as the mask has to be
 * @throws EngineError `engine.mask_unreadable`, `engine.mask_size`
 */
export async function maskAsPng(bytes: Uint8Array, image: Size, size?: Size): Promise<InputPng> {
  const { width, height } = image;
  const weights = await decodeMask(bytes, image);
  const to = size ?? { width, height };
  const png = sharp(weights, { raw: { width, height, channels: 1 } });
  return { bytes: await stretched(png, to).toColourspace('b-w').png(FAST).toBuffer(), ...to };
}

const stretched = (picture: Sharp, { width, height }: Size): Sharp =>
  picture.resize({ width, height, fit: 'fill' });
