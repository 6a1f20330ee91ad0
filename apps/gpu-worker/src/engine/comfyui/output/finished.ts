import { EngineError, type EngineOutput, type EngineRequest } from '../../engine.js';
import { aiMark, COMPOSITE_WITH_TRAINED_MEDIA, TRAINED_ALGORITHMIC_MEDIA } from '../../mark.js';
import { encodePicture, MEDIA_TYPES } from '../../builtin/encode.js';
import { decodeImage } from '../../builtin/intake.js';
import type { HistoryEntry, StoredFile } from '../client/comfyui-client.js';
import { markedMp4 } from './mp4-mark.js';

const PICTURE = /\.(png|jpe?g|webp)$/i;
const VIDEO = /\.mp4$/i;
const MAKES_VIDEO: ReadonlySet<string> = new Set(['video', 'face-swap-video']);

/**
 * The file that a run's output node has left. Videos and animations are listed among the images too:
 * the ending tells them apart. Temporary files are previews.
 *
 * @throws EngineError `engine.output_missing`
 */
export function resultIn(
  { outputs }: HistoryEntry,
  output: string,
  operation: EngineRequest['operation'],
): StoredFile {
  const wanted = MAKES_VIDEO.has(operation) ? VIDEO : PICTURE;
  const files = outputs[output]?.images ?? [];
  const file = files.find(({ filename, type }) => type === 'output' && wanted.test(filename));
  if (file) return file;
  const there = files.map(({ filename, type }) => `${type} ${filename}`).join(', ');
  const message = `ComfyUI ended without the file asked for; there is ${there === '' ? 'none' : there}`;
  throw new EngineError('engine.output_missing', message);
}

/**
 * A result as customers get it: in the format asked for, marked as made by a trained model, and
 * without the graph that ComfyUI writes into its files.
 */
export async function finished(bytes: Uint8Array, request: EngineRequest): Promise<EngineOutput> {
  const { operation, format, model, seed, image } = request;
  // What was painted over or enlarged is a picture of somebody else's still.
  const composite = image !== undefined && operation !== 'generate';
  const source = composite ? COMPOSITE_WITH_TRAINED_MEDIA : TRAINED_ALGORITHMIC_MEDIA;
  if (MAKES_VIDEO.has(operation)) {
    const video = markedMp4(bytes, aiMark(`Safelight ${model}`, source));
    return { ...video, mediaType: 'video/mp4', seed };
  }
  const picture = await readPicture(bytes);
  const encoded = await encodePicture(picture, { format, model }, source);
  const { width, height } = picture;
  return { bytes: encoded, mediaType: MEDIA_TYPES[format], width, height, seed };
}

async function readPicture(bytes: Uint8Array) {
  try {
    return await decodeImage(bytes);
  } catch (error) {
    const message = 'The picture that ComfyUI made cannot be read.';
    throw new EngineError('engine.output_unreadable', message, { cause: error });
  }
}
