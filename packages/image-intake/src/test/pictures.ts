import sharp from 'sharp';
import type { Size } from '../refusals.js';

/** Three bytes a pixel, row by row. */
export type Pixels = Size & Readonly<{ data: Buffer }>;
export type Rgb = readonly [number, number, number];

/** Every corner another colour, so that each way to turn it shows. In flat areas of 8 pixels. */
export function cornered(): Pixels {
  const [width, height] = [48, 32];
  const colours: Rgb[] = [
    [230, 30, 30],
    [30, 200, 30],
    [30, 30, 220],
    [240, 220, 40],
  ];
  return painted({ width, height }, (x, y) => {
    const corner = (x < 16 ? 0 : 1) + (y < 8 ? 0 : 2);
    return colours[corner]!;
  });
}

/** Smooth, with a little of everything: what a codec is made for. */
export const photo = (width: number, height: number): Pixels =>
  painted({ width, height }, (x, y) => [
    Math.round(128 + 100 * Math.sin(x / 17 + y / 29)),
    Math.round((255 * x) / width),
    Math.round(128 + 90 * Math.cos((x * y) / 4000)),
  ]);

export function painted(size: Size, colourAt: (x: number, y: number) => Rgb): Pixels {
  const data = Buffer.alloc(size.width * size.height * 3);
  for (let y = 0; y < size.height; y += 1) {
    for (let x = 0; x < size.width; x += 1) data.set(colourAt(x, y), 3 * (y * size.width + x));
  }
  return { ...size, data };
}

/** One colour all over, of any size. */
export const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#5a783c' }, limitInputPixels: false });

/** As the library's input. */
export const drawn = ({ width, height, data }: Pixels) =>
  sharp(data, { raw: { width, height, channels: 3 } });

export async function pixelsOf(file: Buffer): Promise<Pixels> {
  const decoded = sharp(file).removeAlpha().raw();
  const { data, info } = await decoded.toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${info.channels} channels`);
  return { width: info.width, height: info.height, data };
}

export const pixelAt = ({ width, data }: Pixels, x: number, y: number): Rgb => {
  const at = 3 * (y * width + x);
  return [data[at]!, data[at + 1]!, data[at + 2]!];
};

/** The largest difference of any channel of any pixel; Infinity for another size. */
export function difference(a: Pixels, b: Pixels): number {
  if (a.width !== b.width || a.height !== b.height) return Infinity;
  return a.data.reduce((most, value, at) => Math.max(most, Math.abs(value - b.data[at]!)), 0);
}
