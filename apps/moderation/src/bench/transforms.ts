import sharp, { type Sharp } from 'sharp';

export interface PictureTransform {
  readonly name: string;
  readonly of: (png: Buffer) => Promise<Buffer>;
}

const change = (name: string, made: (picture: Sharp) => Sharp): PictureTransform => ({
  name,
  of: (png) => made(sharp(png).removeAlpha()).png().toBuffer(),
});
const again = (name: string, quality: number): PictureTransform => ({
  name,
  of: (png) => sharp(png).jpeg({ quality }).toBuffer(),
});
const sized = async (png: Buffer) => {
  const { width, height } = await sharp(png).metadata();
  return { width, height };
};
const plain = (width: number, height: number, background: string) => ({
  create: { width, height, channels: 3 as const, background },
});

/** Twenty ways in which somebody's picture may come; a person is in each of them. */
export const transforms: readonly PictureTransform[] = [
  change('untouched', (one) => one),
  change('turned left', (one) => one.rotate(270)),
  change('turned right', (one) => one.rotate(90)),
  change('upside down', (one) => one.rotate(180)),
  change('askew by 20 degrees', (one) => one.rotate(20, { background: '#777' })),
  change('mirrored', (one) => one.flop()),
  change('inverted', (one) => one.negate()),
  change('dark', (one) => one.modulate({ brightness: 0.25 })),
  change('bright', (one) => one.modulate({ brightness: 1.9 })),
  change('grey', (one) => one.greyscale()),
  change('tinted', (one) => one.tint('#b05010')),
  change('blurred', (one) => one.blur(2.5)),
  change('sharpened', (one) => one.sharpen({ sigma: 3 })),
  again('JPEG 15', 15),
  {
    name: 'half size',
    of: async (png) => {
      const { width, height } = await sized(png);
      return sharp(png)
        .resize(Math.ceil(width / 2), Math.ceil(height / 2))
        .png()
        .toBuffer();
    },
  },
  {
    name: 'stretched by half',
    of: async (png) => {
      const { width, height } = await sized(png);
      return sharp(png)
        .resize(Math.round(width * 1.5), height, { fit: 'fill' })
        .png()
        .toBuffer();
    },
  },
  {
    name: 'small in a corner',
    of: async (png) => {
      const { width, height } = await sized(png);
      const input = await sharp(png)
        .resize(Math.ceil(width * 0.45))
        .png()
        .toBuffer();
      return sharp(plain(width, height, '#7a8794'))
        .composite([{ input, gravity: 'southeast' }])
        .png()
        .toBuffer();
    },
  },
  {
    name: 'without the upper third',
    of: async (png) => {
      const { width, height } = await sized(png);
      const top = Math.floor(height / 3);
      return sharp(png)
        .extract({ left: 0, top, width, height: height - top })
        .png()
        .toBuffer();
    },
  },
  {
    name: 'a bar over the eyes',
    of: async (png) => {
      const { width, height } = await sized(png);
      const bar = plain(width, Math.max(1, Math.round(height * 0.12)), '#000');
      const input = await sharp(bar).png().toBuffer();
      return sharp(png)
        .composite([{ input, left: 0, top: Math.round(height * 0.32) }])
        .png()
        .toBuffer();
    },
  },
  {
    name: 'noise over it',
    of: async (png) => {
      const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({
        resolveWithObject: true,
      });
      for (let at = 0, state = 1; at < data.length; at++) {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        data[at] = Math.max(0, Math.min(255, (data[at] ?? 0) + (state % 81) - 40));
      }
      const { width, height, channels } = info;
      return sharp(data, { raw: { width, height, channels } }).png().toBuffer();
    },
  },
];

/** In so many blocks across. */
export const mosaics: readonly PictureTransform[] = [8, 12, 16, 24, 32].map((blocks) => ({
  name: `${blocks} blocks across`,
  of: async (png) => {
    const { width, height } = await sized(png);
    const side = Math.max(4, Math.round(width / blocks));
    const across = Math.ceil(width / side);
    const down = Math.ceil(height / side);
    const small = await sharp(png).resize(across, down, { fit: 'fill' }).png().toBuffer();
    const enlarged = { fit: 'fill', kernel: 'nearest' } as const;
    return sharp(small)
      .resize(across * side, down * side, enlarged)
      .png()
      .toBuffer();
  },
}));
