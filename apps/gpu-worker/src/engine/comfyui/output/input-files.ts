import { createHash } from 'node:crypto';
import type { EngineRequest } from '../../engine.js';
import { maskAsPng, pictureAsPng, type InputPng } from '../../remote/input-pictures.js';
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

const fileOf = async (bytes: Uint8Array): Promise<InputFile> => named(await pictureAsPng(bytes));

const maskOf = async (bytes: Uint8Array, image: InputPicture): Promise<InputFile> =>
  named(await maskAsPng(bytes, image));

function named({ bytes, width, height }: InputPng): InputFile {
  const filename = `${createHash('sha256').update(bytes).digest('hex')}.png`;
  return { filename, name: `${FOLDER}/${filename}`, bytes, width, height };
}
