import sharp, { type Sharp } from 'sharp';

/** A way in which pictures change on their way through the world. */
export interface Transform {
  readonly name: string;
  /** Which of them the goal is about; the others are for information. */
  readonly counts: boolean;
  readonly change: (picture: Buffer, random: () => number) => Promise<Buffer>;
}

type Change = (picture: Sharp, random: () => number) => Sharp | Promise<Sharp>;
const transform = (name: string, change: Change, counts = true): Transform => ({
  ...{ name, counts },
  change: async (picture, random) => (await change(sharp(picture), random)).toBuffer(),
});

/** A part of a picture, at a random place; drawn out so that what follows works on the part. */
async function cropped(picture: Sharp, share: number, random: () => number): Promise<Sharp> {
  const { width, height } = await picture.metadata();
  const [w, h] = [Math.round(width * (1 - share)), Math.round(height * (1 - share))];
  const [left, top] = [
    Math.floor(random() * (width - w + 1)),
    Math.floor(random() * (height - h + 1)),
  ];
  const part = picture.extract({ left, top, width: w, height: h });
  return sharp(await part.png({ compressionLevel: 1 }).toBuffer());
}

async function scaled(picture: Sharp, by: number): Promise<Sharp> {
  const { width, height } = await picture.metadata();
  return picture.resize(Math.round(width * by), Math.round(height * by), { fit: 'fill' });
}

export const transforms: readonly Transform[] = [
  transform('JPEG 75', (picture) => picture.jpeg({ quality: 75 })),
  transform('JPEG 50', (picture) => picture.jpeg({ quality: 50 })),
  transform('WebP 60', (picture) => picture.webp({ quality: 60 })),
  transform('AVIF 50', (picture) => picture.avif({ quality: 50, effort: 0 }), false),
  transform('half the size', (picture) => scaled(picture, 0.5)),
  transform('half, JPEG 75', async (picture) => (await scaled(picture, 0.5)).jpeg({ quality: 75 })),
  transform('three quarters of the size', (picture) => scaled(picture, 0.75), false),
  transform('0.6 of the size', (picture) => scaled(picture, 0.6), false),
  transform('crop 5 %', (picture, random) => cropped(picture, 0.05, random)),
  transform('crop 10 %', (picture, random) => cropped(picture, 0.1, random)),
  transform('crop 20 %', (picture, random) => cropped(picture, 0.2, random)),
  transform('crop 20 %, JPEG 50', async (picture, random) =>
    (await cropped(picture, 0.2, random)).jpeg({ quality: 50 }),
  ),
  transform('crop 20 %, half, JPEG 75', async (picture, random) =>
    (await scaled(await cropped(picture, 0.2, random), 0.5)).jpeg({ quality: 75 }),
  ),
  transform('brighter', (picture) => picture.modulate({ brightness: 1.15 })),
  transform('blurred', (picture) => picture.blur(1)),
  transform('on a white border', (picture) =>
    picture.extend({ ...{ top: 40, left: 56, right: 56, bottom: 40 }, background: '#fff' }),
  ),
  transform('mirrored', (picture) => picture.flop(), false),
  transform('turned by 90', (picture) => picture.rotate(90), false),
];
