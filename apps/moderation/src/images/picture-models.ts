import { Worker } from 'node:worker_threads';
import type { Telemetry } from '@safelight/telemetry';
import { models } from './models.js';
import type { PictureSignals, Question } from './signals.js';

export type ToThread =
  | { readonly type: 'warm' }
  | {
      readonly type: 'look';
      readonly id: number;
      readonly picture: Uint8Array;
      readonly question: Question;
    };

export type FromThread =
  | { readonly type: 'proven'; readonly loadedMs: number; readonly provenMs: number }
  | { readonly type: 'seen'; readonly id: number; readonly signals: PictureSignals }
  | { readonly type: 'failed'; readonly id: number; readonly fault: string };

/** Nobody can say what is in a picture: there is no verdict (policy F6). */
export class PicturesUnseen extends Error {
  readonly code = 'pictures.unseen';
  constructor(why: string, options?: ErrorOptions) {
    super(`nobody can look at the picture: ${why}`, options);
    this.name = 'PicturesUnseen';
  }
}

/** Whoever looks at pictures. Rejects where there is no answer; an answer is never made up. */
export interface PictureLooks {
  /** Names and versions, for receipts. */
  readonly names: readonly string[];
  /** @throws PicturesUnseen */
  look(picture: Uint8Array, question: Question): Promise<PictureSignals>;
}

export interface PictureLimits {
  /** From the question to its answer, waiting and loading included. Milliseconds. */
  readonly ms: number;
  /** Pictures that wait for an answer at a time. */
  readonly waiting: number;
}

const LIMITS: PictureLimits = { ms: 25_000, waiting: 64 };
/** After a failure nobody tries again sooner, in milliseconds. */
const TRY_AGAIN_MS = 1_000;
const THREAD = new URL('./pictures.thread.js', import.meta.url);

interface Waiting {
  readonly resolve: (signals: PictureSignals) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The local image models, in a thread of their own that starts with the first picture: whoever has
 * words alone never pays for it. The thread answers nothing before it has given the known answers.
 */
export class PictureModels implements PictureLooks {
  readonly names = Object.values(models).map(({ name }) => name);
  private readonly waiting = new Map<number, Waiting>();
  private thread: Worker | undefined;
  private proven: Extract<FromThread, { type: 'proven' }> | undefined;
  private fault: string | undefined;
  private failedAt = Number.NEGATIVE_INFINITY;
  private asked = 0;
  /** Of what the thread was asked, by whoever still waits or no longer does. */
  private unanswered = 0;
  private heardAt = 0;
  private closed = false;

  constructor(
    private readonly logger: Telemetry['logger'],
    private readonly limits: PictureLimits = LIMITS,
    private readonly script: URL = THREAD,
  ) {}

  async look(picture: Uint8Array, question: Question): Promise<PictureSignals> {
    if (this.waiting.size >= this.limits.waiting) throw new PicturesUnseen('too many wait');
    return this.ask(this.begin(), picture, question);
  }

  /** Loads and proves the models before anybody asks; what fails is for `look` and health to say. */
  warm(): void {
    this.begin().postMessage({ type: 'warm' } satisfies ToThread);
  }

  /** For readiness. @throws PicturesUnseen while the models are known not to work */
  requireSound(): void {
    if (this.fault !== undefined) throw new PicturesUnseen(this.fault);
  }

  /** For health: what is loaded, and what is wrong. */
  status() {
    const said =
      this.fault !== undefined
        ? 'indeterminate'
        : this.proven
          ? 'proven by known answers'
          : this.thread
            ? 'not proven yet: loading, or nothing needed them'
            : 'not loaded: no picture has come yet';
    const listed = Object.values(models).map(({ name, licence, files }) => ({
      ...{ name, licence, sha256: Object.values(files) },
    }));
    return {
      image_models: {
        status: said,
        ...(this.fault === undefined ? {} : { fault: this.fault }),
        ...(this.proven && {
          loaded_ms: Math.round(this.proven.loadedMs),
          proven_ms: Math.round(this.proven.provenMs),
        }),
        waiting: this.waiting.size,
        models: listed,
        measured: 'persons in few benign pictures; nudity and age: not measured',
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.end('moderation stops');
  }

  private begin(): Worker {
    if (this.closed) throw new PicturesUnseen('moderation stops');
    if (this.thread) return this.thread;
    if (performance.now() - this.failedAt < TRY_AGAIN_MS)
      throw new PicturesUnseen(this.fault ?? '');
    const thread = new Worker(this.script);
    this.heardAt = performance.now();
    this.unanswered = 0;
    // Nobody stays up for the models alone.
    thread.unref();
    thread.on('message', (word: FromThread) => this.heard(word));
    thread.on('error', (error: Error) => this.failed(thread, error));
    thread.on('exit', () => this.failed(thread, new Error('their thread has ended')));
    this.thread = thread;
    return thread;
  }

  private ask(thread: Worker, picture: Uint8Array, question: Question): Promise<PictureSignals> {
    const id = this.asked++;
    return new Promise((resolve, reject) => {
      if (this.unanswered++ === 0) this.heardAt = performance.now();
      const late = setTimeout(() => this.overdue(thread, id), this.limits.ms);
      const done = () => {
        clearTimeout(late);
        this.waiting.delete(id);
      };
      this.waiting.set(id, {
        resolve: (signals) => {
          done();
          resolve(signals);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      thread.postMessage({ type: 'look', id, picture, question } satisfies ToThread);
    });
  }

  private heard(word: FromThread): void {
    this.heardAt = performance.now();
    if (word.type === 'proven') {
      this.proven = word;
      this.fault = undefined;
      this.logger.info({ ...word }, 'image models were loaded and gave the known answers');
      return;
    }
    this.unanswered -= 1;
    const waiting = this.waiting.get(word.id);
    if (word.type === 'seen') waiting?.resolve(word.signals);
    else waiting?.reject(new PicturesUnseen(word.fault));
  }

  /** Its turn may not have come. But a thread that says nothing hangs, and all who wait ask again. */
  private overdue(thread: Worker, id: number): void {
    this.waiting.get(id)?.reject(new PicturesUnseen(`no answer within ${this.limits.ms} ms`));
    if (this.thread !== thread || this.unanswered === 0) return;
    const silentMs = performance.now() - this.heardAt;
    if (silentMs < this.limits.ms) {
      setTimeout(() => this.overdue(thread, id), this.limits.ms - silentMs).unref();
    } else this.failed(thread, new Error(`no word of their thread within ${this.limits.ms} ms`));
  }

  private failed(thread: Worker, error: Error): void {
    if (this.thread !== thread || this.closed) return;
    this.fault = error.message;
    this.failedAt = performance.now();
    this.logger.error({ err: error }, 'the image models failed: no picture is judged');
    void this.end(error.message);
  }

  private async end(why: string): Promise<void> {
    const { thread } = this;
    this.thread = undefined;
    this.proven = undefined;
    for (const one of this.waiting.values()) one.reject(new PicturesUnseen(why));
    await thread?.terminate();
  }
}
