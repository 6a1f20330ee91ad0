import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What decoding one film may take, looking at its stills not counted. */
export interface DecodingLimits {
  /** Milliseconds for all of it. */
  readonly ms: number;
  /** Mebibytes of JavaScript's own; of what H.264 keeps for reference its levels set the most. */
  readonly heapMb: number;
}

const LIMITS: DecodingLimits = { ms: 60_000, heapMb: 128 };

/** Films that are decoded at a time; each has a thread, and some 100 MB at most. */
const MOST_THREADS = 2;
let threads = 0;
const waiting: (() => void)[] = [];

/** What the thread answers to each word; nothing where the film is over. */
export type Still = Uint8Array | null;

/**
 * The stills of a film as PNG, for classifiers to look at, in order: see `decodedStills`. They are
 * made on a thread of their own, the next one when it is asked for; who stops asking ends the thread.
 *
 * @throws Error where the film cannot be decoded, or not within the limits: then nobody has looked
 *   at all of it, and nothing may pass
 */
export async function* stillsOf(
  mp4: Uint8Array,
  { ms, heapMb }: DecodingLimits = LIMITS,
): AsyncGenerator<Uint8Array> {
  // Whoever ends hands its place on.
  if (threads === MOST_THREADS) await new Promise<void>((resolve) => waiting.push(resolve));
  else threads += 1;
  try {
    yield* decoded(mp4, { ms, heapMb });
  } finally {
    const next = waiting.shift();
    if (next === undefined) threads -= 1;
    else next();
  }
}

async function* decoded(
  mp4: Uint8Array,
  { ms, heapMb }: DecodingLimits,
): AsyncGenerator<Uint8Array> {
  // A buffer may be a part of a larger one, all of which would be copied.
  const workerData = new Uint8Array(mp4);
  const thread = new Worker(new URL('./stills.thread.js', import.meta.url), {
    workerData,
    transferList: [workerData.buffer],
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  try {
    for (let left = ms; ;) {
      const asked = performance.now();
      const still = await nextOf(thread, left);
      left -= performance.now() - asked;
      if (still === null) return;
      yield still;
    }
  } finally {
    await thread.terminate();
  }
}

async function nextOf(thread: Worker, ms: number): Promise<Still> {
  const signal = AbortSignal.timeout(Math.max(1, Math.round(ms)));
  thread.postMessage('next');
  try {
    // An error of the thread rejects this as well.
    const [still] = (await once(thread, 'message', { signal })) as [Still];
    return still;
  } catch (error) {
    if (signal.aborted) throw new Error('a video takes too long to decode', { cause: error });
    throw error;
  }
}
