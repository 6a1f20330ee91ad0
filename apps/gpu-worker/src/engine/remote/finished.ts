import { decodeImage, decodeMask, isTooLarge, type Size } from '../builtin/intake.js';
import { encodePicture, MEDIA_TYPES } from '../builtin/encode.js';
import type { Picture } from '../builtin/picture.js';
import { EngineError, type EngineOutput, type EngineRequest } from '../engine.js';
import { imprinted } from '../imprinted.js';
import { aiMark, COMPOSITE_WITH_TRAINED_MEDIA, TRAINED_ALGORITHMIC_MEDIA } from '../mark.js';
import { markedMp4 } from './mp4-marked.js';

const MAKES_VIDEO: ReadonlySet<string> = new Set(['video', 'face-swap-video']);

export const makesVideo = (operation: EngineRequest['operation']): boolean =>
  MAKES_VIDEO.has(operation);

/**
 * A result as customers get it: in the format asked for, marked as made by a trained model, and
 * without what the engine wrote into its file, such as a whole graph or the prompt.
 *
 * @param fit what is done with the pixels before; as they are where not said
 * @throws EngineError `engine.output_unreadable`, `engine.output_too_large`; what `fit` throws
 */
export async function finished(
  bytes: Uint8Array,
  request: EngineRequest,
  fit: (made: Picture) => Promise<Picture> = async (made) => made,
): Promise<EngineOutput> {
  const { operation, format, model, seed, image } = request;
  // What was painted over or enlarged is a picture of somebody else's still.
  const composite = image !== undefined && operation !== 'generate';
  const source = composite ? COMPOSITE_WITH_TRAINED_MEDIA : TRAINED_ALGORITHMIC_MEDIA;
  if (makesVideo(operation)) {
    const video = markedMp4(bytes, aiMark(`Safelight ${model}`, source));
    return { ...video, mediaType: 'video/mp4', seed, digitalSourceType: source };
  }
  const picture = await fit(await readPicture(bytes));
  const { picture: final, ...mark } = await imprinted(picture, request);
  const encoded = await encodePicture(final, { format, model }, source);
  const { width, height } = picture;
  const facts = { mediaType: MEDIA_TYPES[format], width, height, seed, digitalSourceType: source };
  return { bytes: encoded, ...facts, ...mark };
}

async function readPicture(bytes: Uint8Array): Promise<Picture> {
  try {
    return await decodeImage(bytes);
  } catch (error) {
    if (await isTooLarge(bytes)) {
      const much =
        'The engine made a picture of more than 40 megapixels, which is too large to mark.';
      throw new EngineError('engine.output_too_large', much, { cause: error });
    }
    const message = 'The picture that the engine made cannot be read.';
    throw new EngineError('engine.output_unreadable', message, { cause: error });
  }
}

/** What lies outside the mask comes from the image, bit by bit, whatever the engine made of it. */
export async function keptOutside(
  made: Picture,
  { image, mask }: { image: Uint8Array; mask: Uint8Array },
): Promise<Picture> {
  const original = await decodeImage(image);
  const size: Size = { width: original.width, height: original.height };
  const weights = await decodeMask(mask, size);
  const rgba = new Uint8Array(original.rgba);
  for (let pixel = 0, at = 0; pixel < weights.length; pixel += 1) {
    const share = (weights[pixel] ?? 0) / 255;
    for (let channel = 0; channel < 4; channel += 1, at += 1) {
      if (share === 0) continue;
      rgba[at] = Math.round((rgba[at] ?? 0) * (1 - share) + (made.rgba[at] ?? 0) * share);
    }
  }
  return { rgba, ...size };
}
