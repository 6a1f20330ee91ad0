import { hash } from 'node:crypto';
import type { Egress } from '@safelight/egress';
import type { FilmFacts, FilmIntake } from '@safelight/film-intake';
import type { InputFile } from '../pictures/picture.js';
import { fetchedBadly, problemOfVideo, tooManyOfYours, tooManyVideos } from './video.refusals.js';

/** Videos held in memory at the same moment, of everybody and of one account. */
const AT_ONCE = 6;
const AT_ONCE_OF_ACCOUNT = 2;

/** What is taken in at most: 50 MB, a minute, 1280 pixels a side, 30 pictures a second. */
export const VIDEO_LIMITS = {
  ...{ bytes: 50_000_000, seconds: 60, side: 1280, fps: 30 },
  threads: AT_ONCE,
} as const;

const FETCH_TIMEOUT_MS = 30_000;
const REDIRECTS_MAX = 3;
const OK = 200;

/** A video that was fetched: in memory only. */
export interface Video extends InputFile, Pick<FilmFacts, 'seconds' | 'frames' | 'fps'> {
  readonly mediaType: 'video/mp4';
}

/** Who wants which video, and where its URL stands in the body. */
export interface WantedVideo {
  readonly accountId: string;
  readonly url: string;
  readonly pointer?: string;
}

export interface VideoIntakeParts {
  readonly egress: Pick<Egress, 'fetch'>;
  readonly films: Pick<FilmIntake, 'inspect'>;
}

/**
 * The one way of videos into jobs: by an https URL, through the egress guard, MP4 by content. Few are
 * fetched at the same moment, because each is in memory until `use` has ended.
 */
export class VideoIntake {
  readonly #inHand = new Map<string, number>();

  constructor(private readonly parts: VideoIntakeParts) {}

  /** @throws Problem PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA, VALIDATION_ERROR, RATE_LIMITED, SERVICE_UNAVAILABLE; what `use` throws */
  async withVideo<T>(
    { accountId, url, pointer = '/video' }: WantedVideo,
    use: (video: Video) => Promise<T>,
  ): Promise<T> {
    const own = this.#inHand.get(accountId) ?? 0;
    const all = [...this.#inHand.values()].reduce((sum, count) => sum + count, 0);
    if (own >= AT_ONCE_OF_ACCOUNT) throw tooManyOfYours(AT_ONCE_OF_ACCOUNT);
    if (all >= AT_ONCE) throw tooManyVideos();
    this.#inHand.set(accountId, own + 1);
    try {
      return await use(await this.read(url, pointer));
    } finally {
      const left = (this.#inHand.get(accountId) ?? 1) - 1;
      if (left === 0) this.#inHand.delete(accountId);
      else this.#inHand.set(accountId, left);
    }
  }

  private async read(url: string, pointer: string): Promise<Video> {
    try {
      const { status, body } = await this.parts.egress.fetch(url, {
        ...{ maxBytes: VIDEO_LIMITS.bytes, timeoutMs: FETCH_TIMEOUT_MS },
        maxRedirects: REDIRECTS_MAX,
        headers: { accept: 'video/mp4' },
      });
      if (status !== OK) throw fetchedBadly(status, pointer);
      const facts = await this.parts.films.inspect(body);
      return { ...facts, mediaType: 'video/mp4', bytes: body, digests: [hash('sha256', body)] };
    } catch (error) {
      throw problemOfVideo(error, pointer);
    }
  }
}
