import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ReadCredentials } from './reading.js';

/** What the thread is asked. */
export interface Asked {
  readonly file: Uint8Array;
  readonly mediaType: string;
  readonly own: string;
}

/** Reading takes some hundredths of a second; a file that takes longer is hostile. */
const MOST_MS = 5_000;
const MOST_HEAP_MB = 256;

/** Reads content credentials of strangers' files on a thread of its own, one after another. */
export class CredentialsReader {
  private thread: Worker | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /** @param own as `readCredentials` takes it */
  constructor(private readonly own: string) {}

  /** @returns `undefined` for a file that takes too long or too much memory to read */
  read(file: Uint8Array, mediaType: string): Promise<ReadCredentials | undefined> {
    const turn = this.last.then(() => this.readNow({ file, mediaType, own: this.own }));
    this.last = turn;
    return turn;
  }

  /** What is under way is given up. */
  async close(): Promise<void> {
    await this.thread?.terminate();
  }

  private async readNow(asked: Asked): Promise<ReadCredentials | undefined> {
    const thread = (this.thread ??= newThread());
    thread.ref();
    thread.postMessage(asked);
    const done = new AbortController();
    const signal = AbortSignal.any([done.signal, AbortSignal.timeout(MOST_MS)]);
    try {
      const ended = once(thread, 'exit', { signal }).then(() => undefined);
      // An error of the thread rejects this as well.
      const answer = once(thread, 'message', { signal });
      const [read] = ((await Promise.race([answer, ended])) ?? []) as [ReadCredentials?];
      if (read === undefined) this.thread = undefined;
      thread.unref();
      ended.catch(() => undefined);
      return read;
    } catch {
      this.thread = undefined;
      await thread.terminate();
      return undefined;
    } finally {
      done.abort();
    }
  }
}

const newThread = (): Worker =>
  new Worker(new URL('./credentials.thread.js', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
  });
