import type { MediaType, OutputMediaType } from '@safelight/contracts';
import sharp from 'sharp';
import { looksLikeMp4, readFilm } from './film.js';
import { stillsOf } from './stills.js';

/** An image classifier. It can only add refusals: a finding of `unsafe` blocks, nothing else counts. */
export interface OutputClassifier {
  /** Name and version, for the receipt. */
  readonly name: string;
  /** Any error counts as no verdict (F6). `level` is how strict the client asked to be, 0 to 2. */
  look(image: Uint8Array, level: number): Promise<{ unsafe: boolean; category: string }>;
}

/** What the bytes of an image or video say by themselves, whatever anybody claims about them. */
export interface Inspection {
  /** `undefined` when the bytes are no image or video that we make. `seconds` of a video alone. */
  readonly image:
    { mediaType: OutputMediaType; width: number; height: number; seconds?: number } | undefined;
  /** Carries the machine-readable statement that a machine made it (F7). */
  readonly marked: boolean;
  /** What the first classifier that refuses calls it. */
  readonly unsafe: string | undefined;
}

/** 40 megapixels: beyond this a file is a bomb, not a picture. */
const limitInputPixels = 40_000_000;
const mediaTypes: ReadonlyMap<string, MediaType> = new Map([
  ['png', 'image/png'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
]);

/** IPTC digital source types that say "made by a machine": https://cv.iptc.org/newscodes/digitalsourcetype/ */
const sourceType = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
const machineMade = [
  'trainedAlgorithmicMedia',
  'algorithmicMedia',
  'compositeWithTrainedAlgorithmicMedia',
].map((type) => Buffer.from(sourceType + type));

/** @throws whatever a classifier throws */
export async function inspect(
  bytes: Buffer,
  classifiers: readonly OutputClassifier[],
  level: number,
): Promise<Inspection> {
  if (looksLikeMp4(bytes)) return inspectFilm(bytes, classifiers, level);
  const image = await header(bytes);
  const marked = isMarked(bytes);
  if (!image || !marked) return { image, marked, unsafe: undefined };
  const findings = await Promise.all(classifiers.map((c) => c.look(bytes, level)));
  return { image, marked, unsafe: findings.find(({ unsafe }) => unsafe)?.category };
}

const isMarked = (bytes: Buffer): boolean => machineMade.some((mark) => bytes.includes(mark));

/** In a video the mark counts in its place alone; the first still that is refused decides. */
async function inspectFilm(
  bytes: Buffer,
  classifiers: readonly OutputClassifier[],
  level: number,
): Promise<Inspection> {
  const film = await readFilm(bytes);
  if (!film) return { image: undefined, marked: false, unsafe: undefined };
  const { width, height, seconds } = film;
  const image = { mediaType: 'video/mp4', width, height, seconds } as const;
  const marked = film.xmp.some(isMarked);
  if (!marked || classifiers.length === 0) return { image, marked, unsafe: undefined };
  for await (const still of stillsOf(bytes)) {
    const findings = await Promise.all(classifiers.map((c) => c.look(still, level)));
    const found = findings.find(({ unsafe }) => unsafe);
    if (found) return { image, marked, unsafe: found.category };
  }
  return { image, marked, unsafe: undefined };
}

async function header(bytes: Buffer): Promise<Inspection['image']> {
  try {
    const { format, width, height, pages } = await sharp(bytes, { limitInputPixels }).metadata();
    const mediaType = mediaTypes.get(format);
    return mediaType && (pages ?? 1) === 1 ? { mediaType, width, height } : undefined;
  } catch {
    // sharp reports broken and foreign files in words alone; either way this is not our picture.
    return undefined;
  }
}
