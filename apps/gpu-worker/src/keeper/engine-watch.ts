import { setTimeout as pause } from 'node:timers/promises';
import { EngineLost, type Engine } from '../engine/engine.js';

/** Bad answers in a row that make a loss; one may be chance. */
const STRIKES = 3;

/**
 * @param limitMs how long it may take to say how it is
 * @throws EngineLost with what the engine said, or that it said nothing
 */
export async function assertHealthy(engine: Engine, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const reason = new EngineLost(`the engine gave no answer within ${limitMs} ms`);
    timer = setTimeout(() => reject(reason), limitMs);
  });
  try {
    const { ok, detail } = await Promise.race([engine.health(), late]);
    if (!ok) throw new EngineLost(detail);
  } catch (error) {
    if (error instanceof EngineLost) throw error;
    throw new EngineLost('the engine could not be asked how it is', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Asks the engine now and then how it is.
 *
 * @returns why it was found to be lost; `undefined` when the signal aborted before
 */
export async function untilUnhealthy(
  engine: Engine,
  { everyMs, signal }: { everyMs: number; signal: AbortSignal },
): Promise<Error | undefined> {
  for (let strikes = 0; ;) {
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    try {
      await assertHealthy(engine, everyMs);
      strikes = 0;
    } catch (error) {
      strikes += 1;
      if (strikes >= STRIKES) return error as Error;
    }
  }
}
