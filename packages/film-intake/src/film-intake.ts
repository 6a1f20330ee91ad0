import { Worker } from 'node:worker_threads';
import { FilmRefused, type FilmRefusalCode } from './film-refused.js';
import type { FilmFacts, FilmLimits } from './open-film.js';

export interface FilmIntakeOptions extends FilmLimits {
  /** The largest file, in bytes. */
  readonly bytes: number;
  /** How long one film may be looked at, in milliseconds: 10,000. */
  readonly timeoutMs?: number;
  /** Films looked at in the same moment: 2. */
  readonly threads?: number;
}

/** What the thread is given, and what it answers. */
export interface FilmToLookAt {
  readonly bytes: Uint8Array;
  readonly limits: FilmLimits;
}
export type FilmAnswer =
  | { readonly facts: FilmFacts }
  | { readonly refused: { readonly code: FilmRefusalCode; readonly message: string } };

const HEAP_MB = 192;

/**
 * The one door for films from outside. The service itself reads no more of them than their length:
 * all else happens in a thread of its own for each, with a heap and a time of its own, that ends with
 * it. The decoder runs in WASM, in its own memory.
 */
export class FilmIntake {
  #looking = 0;

  constructor(private readonly options: FilmIntakeOptions) {}

  /**
   * What the film is: its index read to the end, and its first frame decoded.
   *
   * @throws FilmRefused
   */
  async inspect(bytes: Buffer): Promise<FilmFacts> {
    const { threads = 2, bytes: most } = this.options;
    if (bytes.length > most) {
      throw new FilmRefused('film.too_large', `the video has more than ${most} bytes`);
    }
    if (this.#looking >= threads) {
      throw new FilmRefused('film.busy', 'other videos are being looked at; try again');
    }
    this.#looking += 1;
    try {
      return await this.#inThread(bytes);
    } finally {
      this.#looking -= 1;
    }
  }

  async #inThread(bytes: Buffer): Promise<FilmFacts> {
    const { seconds, side, fps, timeoutMs = 10_000 } = this.options;
    const workerData: FilmToLookAt = { bytes, limits: { seconds, side, fps } };
    const worker = new Worker(new URL('./film-intake.thread.js', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    let timer: NodeJS.Timeout | undefined;
    try {
      const answer = await new Promise<FilmAnswer>((resolve, reject) => {
        timer = setTimeout(() => reject(slow()), timeoutMs);
        worker.once('message', resolve);
        // Out of memory, or the decoder gave up: what does that is no film that we can work on.
        worker.once('error', () => reject(broken()));
        worker.once('exit', () => reject(broken()));
      });
      if ('facts' in answer) return answer.facts;
      throw new FilmRefused(answer.refused.code, answer.refused.message);
    } finally {
      clearTimeout(timer);
      await worker.terminate();
    }
  }
}

const slow = () =>
  new FilmRefused('film.timeout', 'the video takes too long to read; give a simpler one');
const broken = () =>
  new FilmRefused('film.damaged', 'the video is damaged or cut off; send it whole');
