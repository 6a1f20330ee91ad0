import sharp, { type Sharp } from 'sharp';
import { EngineError } from '../engine.js';
import type { Picture } from './picture.js';

/** More pixels than this are not decoded (40 megapixels); the services in front allow no more either. */
export const MOST_PIXELS = 40_000_000;

const STARTS = [
  { name: 'PNG', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], at: 0 },
  { name: 'JPEG', bytes: [0xff, 0xd8, 0xff], at: 0 },
  { name: 'WebP', bytes: [0x57, 0x45, 0x42, 0x50], at: 8 },
] as const;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Whether it is a picture that is refused for its size alone, as its header says. */
export async function isTooLarge(bytes: Uint8Array): Promise<boolean> {
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return width * height > MOST_PIXELS;
  } catch {
    return false;
  }
}

type Role = 'image' | 'mask' | 'face';

/**
 * The size of an encoded picture as it is meant to be seen: upright.
 *
 * @throws EngineError `engine.image_unreadable`, `engine.mask_unreadable`
 */
export async function sizeOf(bytes: Uint8Array, role: Role): Promise<Size> {
  const { autoOrient } = await reading(role, () => opened(bytes, role).metadata());
  return autoOrient;
}

/**
 * Decodes a PNG, JPEG or WebP to 8-bit sRGB with alpha, upright.
 *
 * @param cover a size that the picture is to fill; what sticks out at two sides is cut off evenly
 * @throws EngineError `engine.image_unreadable`
 */
export async function decodeImage(bytes: Uint8Array, cover?: Size): Promise<Picture> {
  return decoded(bytes, 'image', (upright) =>
    cover ? upright.resize({ ...cover, fit: 'cover', kernel: 'lanczos3' }) : upright,
  );
}

/** A face's picture is made so small; more of it would not be seen. */
const FACE_SIDE = 1024;

/** As `decodeImage`, at most 1024 pixels a side. @throws EngineError `engine.face_unreadable` */
export const decodeFace = (bytes: Uint8Array): Promise<Picture> =>
  decoded(bytes, 'face', (upright) =>
    upright.resize({
      width: FACE_SIDE,
      height: FACE_SIDE,
      fit: 'inside',
      withoutEnlargement: true,
    }),
  );

function decoded(bytes: Uint8Array, role: Role, size: (upright: Sharp) => Sharp): Promise<Picture> {
  return reading(role, async () => {
    const sized = size(opened(bytes, role).autoOrient());
    const { data, info } = await sized
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 4) throw new Error(`${String(info.channels)} channels`);
    return { rgba: plain(data), width: info.width, height: info.height };
  });
}

/**
 * Decodes a mask to one weight 0..255 per pixel: its lightness, and 0 where it is transparent.
 *
 * @throws EngineError `engine.mask_unreadable`, `engine.mask_size`
 */
export async function decodeMask(bytes: Uint8Array, size: Size): Promise<Uint8Array> {
  const own = await sizeOf(bytes, 'mask');
  if (own.width !== size.width || own.height !== size.height) {
    throw new EngineError(
      'engine.mask_size',
      `the mask is ${text(own)} and the image ${text(size)}: send a mask as large as the image`,
    );
  }
  return reading('mask', async () =>
    plain(
      await opened(bytes, 'mask')
        .autoOrient()
        .flatten({ background: '#000' })
        .toColourspace('b-w')
        .extractChannel(0)
        .raw({ depth: 'uchar' })
        .toBuffer(),
    ),
  );
}

/** The same picture `scale` times as wide and high, by Lanczos resampling. */
export async function resampled({ rgba, width, height }: Picture, scale: number): Promise<Picture> {
  const to = { width: width * scale, height: height * scale };
  const data = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .resize({ ...to, fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
  return { rgba: plain(data), ...to };
}

function opened(bytes: Uint8Array, role: Role): Sharp {
  const known = STARTS.some(({ bytes: start, at }) => start.every((b, i) => bytes[at + i] === b));
  if (!known) throw unreadable(role, 'it is no PNG, JPEG or WebP');
  return sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' });
}

async function reading<T>(role: Role, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw unreadable(role, 'it is damaged or too large', error);
  }
}

const unreadable = (role: Role, why: string, cause?: unknown): EngineError =>
  new EngineError(`engine.${role}_unreadable`, `the ${role} cannot be read: ${why}`, { cause });

const text = ({ width, height }: Size): string => `${String(width)} × ${String(height)}`;

// Bytes that own their memory: a thread is sent all of what a view looks into.
const plain = (data: Buffer): Uint8Array =>
  data.byteLength === data.buffer.byteLength ? new Uint8Array(data.buffer) : new Uint8Array(data);
