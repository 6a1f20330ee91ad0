import { type ImageIntake, ImageRefused, IntakeUnavailable } from '@safelight/image-intake';
import { hexOf, orientations, pdqOfPicture } from '@safelight/perceptual-hash';
import type { Candidate, WatermarkThread } from '@safelight/provenance';
import { Problem } from '../http/problem.js';
import { problemOfPicture } from '../pictures/picture.refusals.js';

/** What the pixels of a file say. */
export interface ReadPicture {
  /** Why they could not be looked at; absent where they were. */
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
    private readonly watermark: Pick<WatermarkThread, 'find'> | undefined,
  ) {}

  /** @throws Problem SERVICE_UNAVAILABLE while others are being read */
  async read(file: Buffer): Promise<ReadPicture> {
    if (file.toString('latin1', 4, 8) === 'ftyp')
      return this.unread('Videos are not decoded here.');
    if (this.underway >= AT_ONCE) {
      throw new Problem('SERVICE_UNAVAILABLE', 'Other pictures are being looked at; try again.', {
        headers: { 'retry-after': RETRY_SECONDS },
      });
    }
    this.underway += 1;
    try {
      return await this.look((await this.images.clean(file)).bytes);
    } catch (error) {
      if (error instanceof ImageRefused) {
        return this.unread(`The picture could not be decoded: ${error.message}.`);
      }
      throw error instanceof IntakeUnavailable ? problemOfPicture(error, '/image') : error;
    } finally {
      this.underway -= 1;
    }
  }

  private async look(clean: Buffer): Promise<ReadPicture> {
    const hasKey = this.watermark !== undefined;
    const watermarks = (await this.watermark?.find(clean)) ?? [];
    const pdqs = (await pdqOfPicture(clean)).filter(({ quality }) => quality >= LEAST_QUALITY);
    const likenesses = pdqs.flatMap(({ hashes }) =>
      hashes.filter((_, at) => LOOKED_FOR.includes(orientations[at]?.name ?? '')).map(hexOf),
    );
    return { hasKey, watermarks, likenesses: likenesses.slice(0, MOST_HASHES) };
  }

  private unread(why: string): ReadPicture {
    return { unread: why, hasKey: this.watermark !== undefined, watermarks: [], likenesses: [] };
  }
}
