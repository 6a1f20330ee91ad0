import {
  EngineLost,
  type Engine,
  type EngineOutput,
  type EngineProgress,
  type EngineRequest,
} from '../engine/engine.js';

/** How long a run may take to end after it was told to; a slot is to be free 2 s after a cancel. */
const STOP_MS = 1_500;

/** What an attempt has cost so far, in milliseconds and bytes. */
export interface Meter {
  /** The engine worked. */
  gpuMs: number;
  /** Models were loaded. */
  loadMs: number;
  /** `null`: nobody could tell. */
  peakVramBytes: number | null;
}

export interface Conditions {
  readonly signal: AbortSignal;
  readonly meter: Meter;
  readonly onProgress: (progress: EngineProgress) => void;
}

/**
 * One picture by the engine, and what it took: loading apart from work, also for a run that fails.
 *
 * @throws EngineLost when a run that was told to stop does not; what the engine throws
 */
export async function runOnEngine(
  engine: Engine,
  request: EngineRequest,
  { signal, meter, onProgress }: Conditions,
): Promise<EngineOutput> {
  const { warm = [] } = engine.capabilities;
  if (!warm.includes(request.model)) {
    const startedMs = performance.now();
    try {
      await unlessStuck(engine.load(request.model, signal), signal);
    } finally {
      meter.loadMs += performance.now() - startedMs;
    }
  }
  const startedMs = performance.now();
  let loadMs = 0;
  try {
    const run = engine.run(request, (step) => !signal.aborted && onProgress(step), signal);
    const made = await unlessStuck(run, signal);
    // What it says is a part of what we have seen, whatever it says.
    loadMs = Math.min(Math.max(0, made.loadMs ?? 0), performance.now() - startedMs);
    meter.peakVramBytes = highest(meter.peakVramBytes, made.peakVramBytes ?? null);
    return made;
  } finally {
    meter.loadMs += loadMs;
    meter.gpuMs += performance.now() - startedMs - loadMs;
  }
}

export const highest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);

async function unlessStuck<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let wait: () => void = () => undefined;
  const stuck = new Promise<never>((_, reject) => {
    wait = () => {
      const reason = new EngineLost(`the engine did not stop within ${STOP_MS} ms`);
      timer = setTimeout(() => reject(reason), STOP_MS);
    };
  });
  if (signal.aborted) wait();
  else signal.addEventListener('abort', wait, { once: true });
  try {
    return await Promise.race([work, stuck]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', wait);
  }
}
