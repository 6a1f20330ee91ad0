import { EngineCancelled } from '../engine.js';

/** How long a cancelled run may still talk to a server that is slow to answer. */
const FAREWELL_MS = 500;

/** Rejects when a cancelled run takes too long to end; its cancelling goes on without a listener. */
export async function givenUpAfter(signal: AbortSignal, running: Promise<unknown>): Promise<never> {
  const over = running.then(
    () => true,
    () => true,
  );
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([over, aborted]);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, FAREWELL_MS)));
  await Promise.race([over, late]);
  clearTimeout(timer);
  throw new EngineCancelled();
}

/** @throws EngineCancelled */
export function assertNotAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new EngineCancelled();
}
