import sharp from 'sharp';

/** Raw pixels of 8 bits, rows from the top; three channels in a picture, one in a mask. */
export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** What flows along an IMAGE or MASK link: `frames` pictures of one size, drawn when they are needed. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly draw: (frame: number) => Promise<Pixels>;
}

/** What flows along a LATENT link; sizes in pixels of what it decodes to. */
export interface Latent {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly drawn?: Picture;
  readonly mask?: Picture;
}

/** What flows along a CONDITIONING link: enough to tell one picture from another. */
export interface Conditioning {
  readonly words: string;
}

export interface Video {
  readonly pictures: Picture;
  readonly fps: number;
}

/** A picture that one colour per corner makes: cheap, and another one for every other seed. */
export function gradient(seed: string, size: Omit<Latent, 'drawn' | 'mask'>): Picture {
  const { width, height, frames } = size;
  const hues = hashOf(seed);
  const draw = async (frame: number): Promise<Pixels> => {
    const data = Buffer.alloc(width * height * 3);
    for (let y = 0, at = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1, at += 3) {
        data[at] = (hues + Math.round((x * 160) / width) + frame * 7) & 255;
        data[at + 1] = ((hues >>> 8) + Math.round((y * 160) / height)) & 255;
        data[at + 2] = ((hues >>> 16) + frame * 3) & 255;
      }
    }
    return { data, width, height, channels: 3 };
  };
  return { width, height, frames, draw };
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}

/** `over` laid on `under` as far as `share` says at each pixel, 0..1. */
export async function blend(
  under: Pixels,
  over: Pixels,
  share: (pixel: number) => number,
): Promise<Pixels> {
  const fitted = await fit(over, under.width, under.height);
  const data = Buffer.alloc(under.data.length);
  for (let at = 0; at < data.length; at += 1) {
    const part = share(Math.floor(at / under.channels));
    data[at] = Math.round((under.data[at] ?? 0) * (1 - part) + (fitted.data[at] ?? 0) * part);
  }
  return { ...under, data };
}

/** The same pixels in another size. */
export async function fit(pixels: Pixels, width: number, height: number, cover = false) {
  if (pixels.width === width && pixels.height === height) return pixels;
  const data = await opened(pixels)
    .resize({ width, height, fit: cover ? 'cover' : 'fill' })
    .toColourspace(pixels.channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer();
  return { data, width, height, channels: pixels.channels };
}

export const opened = ({ data, width, height, channels }: Pixels) =>
  sharp(data, { raw: { width, height, channels } });

/** A file of an image folder as LoadImage gives it: its colours, and how transparent each pixel is. */
export async function loadPicture(bytes: Buffer): Promise<{ image: Picture; mask: Picture }> {
  const upright = sharp(bytes).autoOrient().toColourspace('srgb');
  const colours = await upright.clone().removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = colours.info;
  const alpha = await upright
    .clone()
    .ensureAlpha()
    .extractChannel('alpha')
    .negate()
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  return {
    image: still({ data: colours.data, width, height, channels: 3 }),
    mask: still({ data: alpha, width, height, channels: 1 }),
  };
}

/** One channel of a file as LoadImageMask gives it. */
export async function loadChannel(bytes: Buffer, channel: number): Promise<Picture> {
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .extractChannel(channel as 0 | 1 | 2 | 3)
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return still({ data, width: info.width, height: info.height, channels: 1 });
}

export const still = (pixels: Pixels): Picture => ({
  width: pixels.width,
  height: pixels.height,
  frames: 1,
  draw: async () => pixels,
});

/** A picture made of another one, frame by frame. */
export const drawnFrom = (
  from: Picture,
  size: { width: number; height: number },
  draw: (pixels: Pixels, frame: number) => Promise<Pixels>,
): Picture => ({
  ...{ width: size.width, height: size.height, frames: from.frames },
  draw: async (frame) => draw(await from.draw(frame), frame),
});
