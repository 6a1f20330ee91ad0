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
 * A request's pictures as ComfyUI gets them: upright PNGs without metadata. They belong to one attempt
 * alone, so that they can be overwritten at its end whatever else runs.
 *
 * @param attempt begins their names
 * @throws EngineError `engine.image_unreadable`, `engine.mask_unreadable`, `engine.mask_size`
 */
export async function prepareInputs(
  request: EngineRequest,
  attempt: string,
): Promise<PreparedInputs> {
  const fileOf = async (bytes: Uint8Array): Promise<InputFile> =>
    named(await pictureAsPng(bytes), attempt);
  const { image, mask, face, references = [], controls = [] } = request;
  const [asImage, asFace] = await Promise.all([image && fileOf(image), face && fileOf(face)]);
  const asMask = mask && asImage && named(await maskAsPng(mask, asImage), attempt);
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

/** A picture that one attempt uses twice is one file. */
function named({ bytes, width, height }: InputPng, attempt: string): InputFile {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const filename = `${attempt}-${digest}.png`;
  return { filename, name: `${FOLDER}/${filename}`, bytes, width, height };
}
