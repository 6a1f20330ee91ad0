import { type ImageIntake, ImageRefused, IntakeUnavailable } from '@safelight/image-intake';
import { hexOf, orientations, pdqOfPicture } from '@safelight/perceptual-hash';
import type { Candidate, ReadCredentials } from '@safelight/provenance';
import { Problem } from '../http/problem.js';
import type { MarkReaders } from './open-readers.js';
import { problemOfPicture } from '../pictures/picture.refusals.js';

/** What the pixels of a file say, and its content credentials. */
export interface ReadPicture {
  /** `undefined` where they could not be read: without certificates, or within the time for it. */
  readonly credentials: ReadCredentials | undefined;
  /** Why the pixels could not be looked at; absent where they were. */
  readonly unread?: string;
  readonly hasKey: boolean;
  /** Ids that the picture may carry, the likeliest first. */
  readonly watermarks: readonly Candidate[];
  /** PDQ as it is and mirrored, in hex; none where the picture shows too little. */
  readonly likenesses: readonly string[];
}

/** Anybody may ask, and reading takes a processor a second: more than so many at once are sent away. */
const AT_ONCE = 2;
const RETRY_SECONDS = '2';
/** Below this a hash says little of a picture, as whoever published PDQ says. */
const LEAST_QUALITY = 50;
const MOST_HASHES = 4;
const LOOKED_FOR = ['as it is', 'left to right'];

/** Reads watermark and likeness of files that anybody sends: decoded in a process of its own, read on a thread. */
export class PictureReading {
  private underway = 0;

  constructor(
    private readonly images: Pick<ImageIntake, 'clean'>,
    private readonly readers: MarkReaders,
  ) {}

  /** @throws Problem SERVICE_UNAVAILABLE while others are being read */
  async read(file: Buffer): Promise<ReadPicture> {
    if (this.underway >= AT_ONCE) {
      throw new Problem('SERVICE_UNAVAILABLE', 'Other pictures are being looked at; try again.', {
        headers: { 'retry-after': RETRY_SECONDS },
      });
    }
    this.underway += 1;
    try {
      const credentials = await this.readers.credentials?.read(file, mediaTypeOf(file));
      return { ...(await this.look(file)), credentials };
    } finally {
      this.underway -= 1;
    }
  }

  private async look(file: Buffer): Promise<Pixels> {
    const hasKey = this.readers.watermark !== undefined;
    const unread = (why: string) => ({ unread: why, hasKey, watermarks: [], likenesses: [] });
    if (mediaTypeOf(file) === 'video/mp4') return unread('Videos are not decoded here.');
    try {
      const { bytes } = await this.images.clean(file);
      const watermarks = (await this.readers.watermark?.find(bytes)) ?? [];
      return { hasKey, watermarks, likenesses: await likenessesOf(bytes) };
    } catch (error) {
      if (error instanceof ImageRefused) {
        return unread(`The picture could not be decoded: ${error.message}.`);
      }
      throw error instanceof IntakeUnavailable ? problemOfPicture(error, '/image') : error;
    }
  }
}

type Pixels = Omit<ReadPicture, 'credentials'>;

async function likenessesOf(clean: Buffer): Promise<string[]> {
  const pdqs = (await pdqOfPicture(clean)).filter(({ quality }) => quality >= LEAST_QUALITY);
  const looked = pdqs.flatMap(({ hashes }) =>
    hashes.filter((_, at) => LOOKED_FOR.includes(orientations[at]?.name ?? '')),
  );
  return looked.map(hexOf).slice(0, MOST_HASHES);
}

/** By its first bytes; whoever asks was told already if it is none of these. */
function mediaTypeOf(file: Buffer): string {
  if (file.toString('latin1', 4, 8) === 'ftyp') return 'video/mp4';
  if (file[0] === 0x89) return 'image/png';
  return file[0] === 0xff ? 'image/jpeg' : 'image/webp';
}
