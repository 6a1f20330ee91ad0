import {
  blend,
  drawnFrom,
  fit,
  gradient,
  loadChannel,
  loadPicture,
  opened,
  still,
  type Latent,
  type Picture,
} from '../values.js';
import type { FileFolders } from '../files.js';
import {
  fileOf,
  flag,
  float,
  int,
  link,
  oneOf,
  type Inputs,
  type NodeContext,
  type NodeDefinition,
} from './define.js';

const methods = oneOf('nearest-exact', 'bilinear', 'area', 'bicubic', 'lanczos');
const crops = oneOf('disabled', 'center');
const side = int(512, 0, 16_384);

function fileGiven(
  { image }: Readonly<Record<string, unknown>>,
  files: FileFolders,
): string | true {
  const there = typeof image === 'string' && files.readNamed(image) !== undefined;
  return there || `Invalid image file: ${String(image)}`;
}

function upload(inputs: Inputs, { files }: NodeContext): Buffer {
  const bytes = files.readNamed(inputs.text('image'));
  if (bytes === undefined) throw new Error('the file is gone');
  return bytes;
}

/** Nodes that load and change pictures. */
export const pictureNodes: Readonly<Record<string, NodeDefinition>> = {
  LoadImage: {
    required: { image: fileOf('input') },
    output: ['IMAGE', 'MASK'],
    validate: fileGiven,
    run: async (inputs, context) => {
      const { image, mask } = await loadPicture(upload(inputs, context));
      return { outputs: [image, mask] };
    },
  },
  LoadImageMask: {
    required: { image: fileOf('input'), channel: oneOf('alpha', 'red', 'green', 'blue') },
    output: ['MASK'],
    validate: fileGiven,
    run: async (inputs, context) => {
      const channel = ['red', 'green', 'blue', 'alpha'].indexOf(inputs.text('channel'));
      return { outputs: [await loadChannel(upload(inputs, context), channel)] };
    },
  },
  EmptyImage: {
    required: {
      width: int(512, 1, 16_384),
      height: int(512, 1, 16_384),
      batch_size: int(1, 1, 4096),
      color: int(0, 0, 0xffffff),
    },
    output: ['IMAGE'],
    run: async (inputs) => {
      const [width, height] = [inputs.number('width'), inputs.number('height')];
      const colour = inputs.number('color');
      const data = Buffer.alloc(width * height * 3);
      data.fill(Buffer.from([colour >>> 16, (colour >>> 8) & 255, colour & 255]));
      const frames = inputs.number('batch_size');
      return { outputs: [{ ...still({ data, width, height, channels: 3 }), frames }] };
    },
  },
  ImageScale: {
    required: {
      image: link('IMAGE'),
      upscale_method: methods,
      width: side,
      height: side,
      crop: crops,
    },
    output: ['IMAGE'],
    run: async (inputs) => {
      const [width, height] = [inputs.number('width'), inputs.number('height')];
      const cover = inputs.text('crop') === 'center';
      const scaled = drawnFrom(inputs.get('image') as Picture, { width, height }, (pixels) =>
        fit(pixels, width, height, cover),
      );
      return { outputs: [scaled] };
    },
  },
  ImageScaleBy: {
    required: {
      image: link('IMAGE'),
      upscale_method: methods,
      scale_by: float(1, 0.01, 8),
    },
    output: ['IMAGE'],
    run: async (inputs) => {
      const from = inputs.get('image') as Picture;
      const times = inputs.number('scale_by');
      const width = Math.round(from.width * times);
      const height = Math.round(from.height * times);
      return { outputs: [drawnFrom(from, { width, height }, (p) => fit(p, width, height))] };
    },
  },
  ImageFromBatch: {
    required: {
      image: link('IMAGE'),
      batch_index: int(0, 0, 4095),
      length: int(1, 1, 4096),
    },
    output: ['IMAGE'],
    newer: true,
    run: async (inputs) => {
      const from = inputs.get('image') as Picture;
      const first = inputs.number('batch_index');
      const frames = Math.min(inputs.number('length'), from.frames - first);
      const draw = (frame: number) => from.draw(frame + first);
      return { outputs: [{ ...from, frames, draw }] };
    },
  },
  ImageInvert: {
    required: { image: link('IMAGE') },
    output: ['IMAGE'],
    run: async (inputs) => {
      const from = inputs.get('image') as Picture;
      const inverted = drawnFrom(from, from, async (pixels) => ({
        ...pixels,
        data: Buffer.from(pixels.data.map((value) => 255 - value)),
      }));
      return { outputs: [inverted] };
    },
  },
  ImageCompositeMasked: {
    required: {
      destination: link('IMAGE'),
      source: link('IMAGE'),
      x: int(0, 0, 16_384),
      y: int(0, 0, 16_384),
      resize_source: flag(false),
    },
    optional: { mask: link('MASK') },
    output: ['IMAGE'],
    newer: true,
    run: async (inputs) => {
      const [under, over] = [inputs.get('destination'), inputs.get('source')] as Picture[];
      const mask = inputs.get('mask') as Picture | undefined;
      if (under === undefined || over === undefined) throw new Error('nothing to lay');
      const laid = drawnFrom(under, under, async (pixels, frame) => {
        const weights = await mask?.draw(0);
        const share = (pixel: number) => (weights?.data[pixel] ?? 255) / 255;
        return blend(pixels, await over.draw(frame), share);
      });
      return { outputs: [laid] };
    },
  },
  Canny: {
    required: {
      image: link('IMAGE'),
      low_threshold: float(0.4, 0.01, 0.99),
      high_threshold: float(0.8, 0.01, 0.99),
    },
    output: ['IMAGE'],
    newer: true,
    run: async (inputs) => {
      const from = inputs.get('image') as Picture;
      const kernel = { width: 3, height: 3, kernel: [-1, -1, -1, -1, 8, -1, -1, -1, -1] };
      const edges = drawnFrom(from, from, async (pixels) => ({
        ...pixels,
        data: await opened(pixels).convolve(kernel).raw().toBuffer(),
      }));
      return { outputs: [edges] };
    },
  },
  ImageUpscaleWithModel: {
    required: { upscale_model: link('UPSCALE_MODEL'), image: link('IMAGE') },
    output: ['IMAGE'],
    newer: true,
    run: async (inputs, context) => {
      const from = inputs.get('image') as Picture;
      const times = /2x/i.test(inputs.text('upscale_model')) ? 2 : 4;
      const [width, height] = [from.width * times, from.height * times];
      await context.step(1, 1);
      return { outputs: [drawnFrom(from, { width, height }, (p) => fit(p, width, height))] };
    },
  },
  VAEDecode: {
    required: { samples: link('LATENT'), vae: link('VAE') },
    output: ['IMAGE'],
    run: async (inputs) => {
      const latent = inputs.get('samples') as Latent;
      const { width, height } = latent;
      const drawn = latent.drawn ?? gradient('', latent);
      const sized = drawnFrom(drawn, latent, (pixels) => fit(pixels, width, height));
      return { outputs: [{ ...sized, frames: latent.frames }] };
    },
  },
};
