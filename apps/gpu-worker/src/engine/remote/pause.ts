import { setTimeout as pause } from 'node:timers/promises';
import { EngineCancelled } from '../engine.js';

/** @throws EngineCancelled as soon as the signal aborts */
export async function pauseUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { signal });
  } catch {
    throw new EngineCancelled();
  }
}
