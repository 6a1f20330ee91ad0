import { EngineCancelled, EngineError } from '../engine.js';
import { pauseUnlessAborted } from '../remote/pause.js';
import type { StepCount } from '../remote/step-count.js';
import type { A1111Client } from './a1111-client.js';

export interface RunWatch {
  readonly pollMs: number;
  readonly steps: StepCount;
  /** Aborts when nobody wants the result any more. */
  readonly signal: AbortSignal;
  /** Told when a run goes on that nobody wants, and when it has ended: it holds the GPU until then. */
  readonly onAbandoned: (abandoned: boolean) => void;
}

/**
 * Waits for a run that blocks until it is done, and meanwhile asks for its progress. Progress and
 * interrupt are of the whole WebUI, so nobody else may use it. A cancelled one is interrupted again and
 * again until it ends: an interrupt that comes before it has begun is forgotten when it begins.
 *
 * @throws EngineCancelled; what `work` throws
 */
export async function watched<T>(
  client: A1111Client,
  work: Promise<T>,
  watch: RunWatch,
): Promise<T> {
  const over = new AbortController();
  const following = follow(client, watch, over.signal);
  try {
    const made = await work;
    if (watch.signal.aborted) throw new EngineCancelled();
    return made;
  } finally {
    over.abort();
    await following;
  }
}

async function follow(client: A1111Client, watch: RunWatch, over: AbortSignal): Promise<void> {
  const until = AbortSignal.any([watch.signal, over]);
  while (await paused(watch.pollMs, until)) await tell(client, watch);
  if (over.aborted) return;
  watch.onAbandoned(true);
  do {
    await client.interrupt().catch(() => undefined);
  } while (await paused(watch.pollMs, over));
  watch.onAbandoned(false);
}

/** @returns whether the time passed; no, where the signal aborted */
const paused = (ms: number, until: AbortSignal): Promise<boolean> =>
  pauseUnlessAborted(ms, until).then(
    () => true,
    () => false,
  );

/** One question that is not answered says nothing about the run. */
async function tell(client: A1111Client, { steps }: RunWatch): Promise<void> {
  const told = await client.progress().catch(() => undefined);
  if (!told || told.state.job_count === 0 || told.state.sampling_steps <= 0) return;
  steps.report('run', Math.min(1, told.state.sampling_step / told.state.sampling_steps));
}

/**
 * Half of a picture looks like a whole one in the answer: only the state says that it was stopped.
 *
 * @throws EngineError `engine.interrupted`
 */
export async function assertNotInterrupted(client: A1111Client): Promise<void> {
  const { state } = await client.progress();
  if (!state.interrupted) return;
  throw new EngineError('engine.interrupted', 'Somebody else stopped the run at the WebUI.');
}
