import type { MediaType } from '@safelight/contracts';
import sharp from 'sharp';

/** An image classifier. It can only add refusals: a finding of `unsafe` blocks, nothing else counts. */
export interface OutputClassifier {
  /** Name and version, for the receipt. */
  readonly name: string;
  /** Any error counts as no verdict (F6). `level` is how strict the client asked to be, 0 to 2. */
  look(image: Uint8Array, level: number): Promise<{ unsafe: boolean; category: string }>;
}

/** What the bytes of an image say by themselves, whatever anybody claims about them. */
export interface Inspection {
  /** `undefined` when the bytes are no image that we make. */
  readonly image: { mediaType: MediaType; width: number; height: number } | undefined;
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
  const image = await header(bytes);
  const marked = machineMade.some((mark) => bytes.includes(mark));
  if (!image || !marked) return { image, marked, unsafe: undefined };
  const findings = await Promise.all(classifiers.map((c) => c.look(bytes, level)));
  return { image, marked, unsafe: findings.find(({ unsafe }) => unsafe)?.category };
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
