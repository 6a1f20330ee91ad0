import type { MediaType, OutputMediaType } from '@safelight/contracts';
import { type Hash, type Pdq, pdqOfPicture } from '@safelight/perceptual-hash';
import sharp from 'sharp';
import { looksLikeMp4, readFilm } from './film.js';
import type { PictureLooks } from '../images/picture-models.js';
import { type PictureSignals, worstOf } from '../images/signals.js';
import { lookBy } from './look.js';
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
    | { mediaType: OutputMediaType; width: number; height: number; seconds?: number }
    | undefined;
  /** Carries the machine-readable statement that a machine made it (F7). */
  readonly marked: boolean;
  /** What the first classifier that refuses calls it. */
  readonly unsafe: string | undefined;
  /** PDQ in all orientations, of the image or of each still; none where nobody asked for it. */
  readonly hashes: readonly Hash[];
  /** The same with their quality; copies are found by it later. */
  readonly pdqs: readonly Pdq[];
  /** What the image models see, of a video the worst of its stills; nothing where nobody looked. */
  readonly seen?: PictureSignals;
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
const [trainedMedia, drawnByRule, compositeMedia] = machineMade as [Buffer, Buffer, Buffer];
const byModel = [trainedMedia, compositeMedia];

/** How to look at an output. */
export interface Looking {
  readonly classifiers: readonly OutputClassifier[];
  /** How strict the client asked to be, 0 to 2. */
  readonly level: number;
  /** Whether its PDQ is wanted. */
  readonly hashing: boolean;
  /** How long one look of one classifier may take. */
  readonly lookMs: number;
  /** `null` for who asks for no more than what the file says by itself. The check never does. */
  readonly models: PictureLooks | null;
  /** The job began with a picture. What a mere algorithm drew from words alone is not looked into. */
  readonly fromPicture: boolean;
}

/** @throws whatever a classifier throws */
export async function inspect(bytes: Buffer, looking: Looking): Promise<Inspection> {
  if (looksLikeMp4(bytes)) return inspectFilm(bytes, looking);
  const found = await header(bytes);
  const pdqs = found && looking.hashing ? await pdqsOf(bytes) : [];
  // What has a header and nothing that it promises is no image either.
  const image = pdqs === undefined ? undefined : found;
  const marked = isMarked(bytes);
  const known = { image, marked, ...hashed(pdqs ?? []) };
  if (!image || !marked) return { ...known, unsafe: undefined };
  const unsafe = await unsafeIn(bytes, looking);
  const models = modelsFor([bytes], looking);
  return models
    ? { ...known, unsafe, seen: await models.look(bytes, 'output') }
    : { ...known, unsafe };
}

/**
 * The mark says how an output was made, and the worker who makes it sets it: what is drawn by rule, from
 * no picture, resembles nobody. All else is looked into.
 */
function modelsFor(
  marks: readonly Buffer[],
  { fromPicture, models }: Looking,
): PictureLooks | undefined {
  const drawn = marks.some((mark) => mark.includes(drawnByRule));
  const trained = marks.some((mark) => byModel.some((type) => mark.includes(type)));
  return fromPicture || trained || !drawn ? (models ?? undefined) : undefined;
}

async function unsafeIn(picture: Uint8Array, { classifiers, level, lookMs }: Looking) {
  const limits = { level, limitMs: lookMs };
  const findings = await Promise.all(classifiers.map((c) => lookBy(c, picture, limits)));
  return findings.find(({ unsafe }) => unsafe)?.category;
}

const hashed = (pdqs: readonly Pdq[]) => ({ pdqs, hashes: pdqs.flatMap(({ hashes }) => hashes) });

/** `undefined` for what cannot be decoded. */
async function pdqsOf(picture: Uint8Array): Promise<Pdq[] | undefined> {
  try {
    return await pdqOfPicture(picture);
  } catch {
    // sharp reports broken files in words alone.
    return undefined;
  }
}

const isMarked = (bytes: Buffer): boolean => machineMade.some((mark) => bytes.includes(mark));

/** In a video the mark counts in its place alone; the first still that is refused decides. */
async function inspectFilm(bytes: Buffer, looking: Looking): Promise<Inspection> {
  const film = await readFilm(bytes);
  if (!film) return { image: undefined, marked: false, unsafe: undefined, ...hashed([]) };
  const { width, height, seconds } = film;
  const image = { mediaType: 'video/mp4', width, height, seconds } as const;
  const marked = film.xmp.some(isMarked);
  const pdqs: Pdq[] = [];
  const signals: PictureSignals[] = [];
  const models = modelsFor(film.xmp, looking);
  if (!marked || (looking.classifiers.length === 0 && !looking.hashing && !models)) {
    return { image, marked, unsafe: undefined, ...hashed(pdqs) };
  }
  for await (const still of stillsOf(bytes)) {
    // A still was drawn here: that it does not open is no fault of the film's.
    if (looking.hashing) pdqs.push(...(await pdqOfPicture(still)));
    const unsafe = await unsafeIn(still, looking);
    if (unsafe !== undefined) return { image, marked, unsafe, ...hashed(pdqs) };
    if (models) signals.push(await models.look(still, 'output'));
  }
  const found = { image, marked, unsafe: undefined, ...hashed(pdqs) };
  return models ? { ...found, seen: worstOf(signals) } : found;
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
