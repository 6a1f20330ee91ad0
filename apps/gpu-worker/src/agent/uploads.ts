import { newId, type StoredOutput } from '@safelight/contracts';
import { ObjectConflict, ObjectKeyRefused, type ObjectStore } from '@safelight/object-store';
import type { EngineOutput } from '../engine/engine.js';
import { orAborted } from '../engine/or-aborted.js';
import { insist, type Patience } from './insist.js';

interface Place {
  readonly jobId: string;
  readonly attempt: number;
  /** Of the files. */
  readonly format: string;
}

/** What one attempt puts into the object store, under keys of its own that no other attempt has. */
export class Uploads {
  readonly outputs: StoredOutput[] = [];
  private readonly begun = new Map<string, Promise<unknown>>();

  constructor(
    private readonly store: ObjectStore,
    private readonly place: Place,
    private readonly patience: Patience,
  ) {}

  /**
   * Stores one output and notes its digest; tries again while patience lasts.
   *
   * @throws AbortError at once when the signal aborts, whatever the store does; the store's own errors
   */
  async add({ bytes, mediaType, width, height, seed, ...more }: EngineOutput): Promise<void> {
    const { jobId, attempt, format } = this.place;
    const outputId = newId('out');
    const key = `jobs/${jobId}/${attempt}/${outputId}.${extensionOf(mediaType, format)}`;
    const put = insist(() => this.store.put(key, bytes, { mediaType }), {
      ...this.patience,
      isPassing: mayPass,
    });
    this.begun.set(key, put);
    const stored = await orAborted(put, this.patience.signal);
    const { seconds, watermark } = more;
    const facts = {
      ...{ mediaType, width, height, seed },
      ...(seconds === undefined ? {} : { seconds }),
      ...(watermark === undefined ? {} : { watermark }),
    };
    this.outputs.push({ outputId, key, ...facts, ...stored });
  }

  /** Deletes what was stored, also what is still on its way. What cannot be deleted is an orphan. */
  async discard(): Promise<void> {
    await Promise.all(
      Array.from(this.begun, async ([key, put]) => {
        await put.catch(() => undefined);
        await this.store.delete(key);
      }),
    );
  }
}

/** A full disk or a lost connection may come back; a key that is taken or refused will not. */
const mayPass = (error: unknown): boolean =>
  !(error instanceof ObjectConflict) && !(error instanceof ObjectKeyRefused);

/** A picture is kept as what was asked for; a video is an MP4 whatever was. */
const extensionOf = (mediaType: string, format: string): string =>
  mediaType === 'video/mp4' ? 'mp4' : format;
