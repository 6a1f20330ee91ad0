import { EngineError, type EngineRequest } from '../../engine.js';
import { makesVideo } from '../../remote/finished.js';
import type { HistoryEntry, StoredFile } from '../client/history.js';

const PICTURE = /\.(png|jpe?g|webp)$/i;
const VIDEO = /\.mp4$/i;

/**
 * The file that a run's output node has left. Videos and animations are listed among the images too:
 * the ending tells them apart. Temporary files are previews.
 *
 * @throws EngineError `engine.output_missing`
 */
export function resultIn(
  { files: left }: HistoryEntry,
  output: string,
  operation: EngineRequest['operation'],
): StoredFile {
  const wanted = makesVideo(operation) ? VIDEO : PICTURE;
  const files = left.get(output) ?? [];
  const file = files.find(({ filename, type }) => type === 'output' && wanted.test(filename));
  if (file) return file;
  const there = files.map(({ filename, type }) => `${type} ${filename}`).join(', ');
  const message = `ComfyUI ended without the file asked for; there is ${there === '' ? 'none' : there}`;
  throw new EngineError('engine.output_missing', message);
}
