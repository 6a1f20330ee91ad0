import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { EngineRequest } from '../../engine.js';
import { decodeImage, decodeMask } from '../../builtin/intake.js';
import type { InputPicture, InputPictures } from '../graph/draft.js';

/** The folder of ours below ComfyUI's input and output folders. */
export const FOLDER = 'safelight';

/** A picture to be uploaded, by the name that the graph will load it by. */
export interface InputFile extends InputPicture {
  readonly filename: string;
  readonly bytes: Uint8Array;
}

export interface PreparedInputs {
  readonly pictures: InputPictures;
  readonly files: readonly InputFile[];
}

/**
 * A request's pictures as ComfyUI gets them: upright PNGs without metadata, named by what is in them,
 * so that an image used by many jobs is there once and its nodes are cached.
 *
 * @throws EngineError `engine.image_unreadable`, `engine.mask_unreadable`, `engine.mask_size`
 */
export async function prepareInputs(request: EngineRequest): Promise<PreparedInputs> {
  const { image, mask, face, references = [], controls = [] } = request;
  const [asImage, asFace] = await Promise.all([image && fileOf(image), face && fileOf(face)]);
  const asMask = mask && asImage && (await maskOf(mask, asImage));
  const shown = await Promise.all(references.map((one) => fileOf(one.image)));
  const followed = await Promise.all(controls.map((one) => fileOf(one.image)));
  const pictures = {
    ...(asImage && { image: asImage }),
    ...(asMask && { mask: asMask }),
    ...(asFace && { face: asFace }),
    ...{ references: shown, controls: followed },
  };
  const all = [asImage, asMask, asFace, ...shown, ...followed];
  const files = all.filter((file) => file !== undefined);
  return { pictures, files: [...new Map(files.map((file) => [file.name, file])).values()] };
}

async function fileOf(bytes: Uint8Array): Promise<InputFile> {
  const { rgba, width, height } = await decodeImage(bytes);
  const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .png(FAST)
    .toBuffer();
  return named(png, { width, height });
}

async function maskOf(bytes: Uint8Array, { width, height }: InputPicture): Promise<InputFile> {
  const weights = await decodeMask(bytes, { width, height });
  const raw = { width, height, channels: 1 } as const;
  return named(await sharp(weights, { raw }).toColourspace('b-w').png(FAST).toBuffer(), raw);
}

const FAST = { compressionLevel: 4 };

function named(bytes: Buffer, { width, height }: { width: number; height: number }): InputFile {
  const filename = `${createHash('sha256').update(bytes).digest('hex')}.png`;
  return { filename, name: `${FOLDER}/${filename}`, bytes, width, height };
}
