import sharp, { type Sharp } from 'sharp';

/** 40 megapixels: beyond this a file is a bomb, not a picture. */
const limitInputPixels = 40_000_000;
const SIDE = 512;

/** Red, green and blue of each pixel, row by row. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** One way in which a picture can be seen, at the sizes that models ask for. */
export interface View {
  /** Its longer side has 512 pixels. */
  readonly whole: Pixels;
  /** The same in the middle of a black square. */
  readonly square: (side: number) => Promise<Uint8Array>;
  /** Stretched to a square, and blurred by so many of its pixels. */
  readonly stretched: (side: number, blur?: number) => Promise<Uint8Array>;
  /** Without fine noise and with all of its light: what hides under them is looked for once more. */
  readonly cleared: () => Promise<View>;
  /** As large as it came, at most 1,024 pixels a side: for what enlarging or reducing would hide. */
  readonly plain: () => Promise<Pixels>;
}

/**
 * A picture as a model is to see it: as it is, and on white where it is seen through in places.
 * Colours as they are written, whatever a profile says; lanczos3 throughout.
 *
 * @throws Error of sharp, in words alone, for what is no whole image
 */
export async function viewsOf(picture: Uint8Array): Promise<View[]> {
  const { hasAlpha } = await opened(picture).metadata();
  const seen = [opened(picture).removeAlpha()];
  if (hasAlpha) seen.push(opened(picture).flatten({ background: '#ffffff' }));
  return Promise.all(seen.map(viewOf));
}

const opened = (picture: Uint8Array): Sharp =>
  sharp(picture, { limitInputPixels, failOn: 'error', ignoreIcc: true });

async function viewOf(one: Sharp): Promise<View> {
  return viewOfPixels(await pixelsOf(one.clone().resize(SIDE, SIDE, { fit: 'inside' })), () =>
    pixelsOf(one.clone().resize(1024, 1024, { fit: 'inside', withoutEnlargement: true })),
  );
}

function viewOfPixels(whole: Pixels, plain: () => Promise<Pixels>): View {
  const raw = { width: whole.width, height: whole.height, channels: 3 } as const;
  const again = () => sharp(whole.data, { raw });
  const sized = async (side: number, fit: 'contain' | 'fill') =>
    (await pixelsOf(again().resize(side, side, { fit, background: '#000000' }))).data;
  return {
    whole,
    square: (side) => sized(side, 'contain'),
    stretched: async (side, blur) => {
      const data = await sized(side, 'fill');
      if (blur === undefined) return data;
      const small = { width: side, height: side, channels: 3 } as const;
      return (await pixelsOf(sharp(data, { raw: small }).blur(blur))).data;
    },
    cleared: async () => {
      const { data, width, height } = await plain();
      const noisy = sharp(data, { raw: { width, height, channels: 3 } });
      // Before it is enlarged, which would make the grain too coarse for a median.
      const calm = await pixelsOf(noisy.median(5).normalise());
      const large = sharp(calm.data, { raw: { width, height, channels: 3 } });
      return viewOfPixels(await pixelsOf(large.resize(SIDE, SIDE, { fit: 'inside' })), plain);
    },
    plain,
  };
}

async function pixelsOf(one: Sharp): Promise<Pixels> {
  const { data, info } = await one
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels === 3) return { data, width, height };
  // sharp keeps one channel where a picture is grey.
  const grey = new Uint8Array(width * height * 3);
  for (let at = 0; at < grey.length; at++) grey[at] = data[Math.floor(at / 3) * channels] ?? 0;
  return { data: grey, width, height };
}
