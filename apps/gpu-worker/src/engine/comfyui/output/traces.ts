import type { ComfyuiClient } from '../client/comfyui-client.js';
import type { StoredFile } from '../client/history.js';
import { FOLDER } from './input-files.js';

/** A grey PNG of one pixel: what stands in the place of a customer's picture afterwards. */
const BLANK = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

/** How often it is asked whether a cancelled run has ended, and how often at most: for a minute. */
const PAUSE_MS = 500;
const MOST_LOOKS = 120;
/** How long a closing engine waits for a server that is slow to answer. */
const FAREWELL_MS = 2_000;

export interface Trace {
  readonly promptId: string;
  /** The names of the uploaded pictures, in the input folder of ours. */
  readonly inputs: readonly string[];
}

/**
 * Takes away what runs leave on a ComfyUI. Its API deletes no files, so pictures and videos are
 * overwritten under their names; the history, which repeats the words, is deleted. A server that
 * does not answer keeps what it has: its files are its operator's to empty then.
 */
export class Traces {
  readonly #closing = new AbortController();
  readonly #working = new Set<Promise<void>>();

  constructor(private readonly client: ComfyuiClient) {}

  /** Nobody waits for it: an attempt is over when its picture is there. */
  remove(trace: Trace): void {
    const work = this.#remove(trace).finally(() => this.#working.delete(work));
    this.#working.add(work);
  }

  /** Waits for what is being taken away, for a moment. */
  async close(): Promise<void> {
    this.#closing.abort();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, FAREWELL_MS)));
    await Promise.race([Promise.all(this.#working), late]);
    clearTimeout(timer);
  }

  async #remove({ promptId, inputs }: Trace): Promise<void> {
    await quietly(() => this.#ended(promptId));
    const entry = await quietly(() => this.client.history(promptId));
    const left = [...(entry?.files.values() ?? [])].flat().filter(isOurs);
    const sent = inputs.map((filename) => ({ filename, subfolder: FOLDER, type: 'input' }));
    for (const { filename: name, subfolder, type } of [...left, ...sent]) {
      await quietly(() => this.client.upload({ name, subfolder, type, bytes: BLANK }));
    }
    await quietly(() => this.client.forget(promptId));
  }

  /** A cancelled run ends after its step, and only then leaves its entry in the history. */
  async #ended(promptId: string): Promise<void> {
    for (let look = 0; look < MOST_LOOKS && !this.#closing.signal.aborted; look += 1) {
      if ((await this.client.standing(promptId)) === 'absent') return;
      await this.#pause();
    }
  }

  async #pause(): Promise<void> {
    const { signal } = this.#closing;
    let timer: NodeJS.Timeout | undefined;
    let end: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      end = resolve;
      timer = setTimeout(resolve, PAUSE_MS);
      signal.addEventListener('abort', end, { once: true });
    });
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

/** Previews, and what was saved under our prefix; the files of others are left alone. */
const isOurs = ({ type, subfolder }: StoredFile): boolean =>
  type === 'temp' || subfolder === FOLDER || subfolder.startsWith(`${FOLDER}/`);

/** What cannot be taken away is no failure of the run: the next thing is tried. */
async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
