import { setTimeout as pause } from 'node:timers/promises';
import type { TestOutcome } from '@safelight/contracts';
import { EngineError } from '../engine/engine.js';

/** The code of an attempt that failed because a test key asked for it. */
export const FAILURE_ASKED_FOR = 'test.failure_asked_for';

const SLOW_MS = 10_000;

/**
 * Does what a job of a test key asked to see before its picture is made: fails, or takes ten seconds.
 * A block is moderation's to say.
 *
 * @throws EngineError `test.failure_asked_for`; AbortError when the lease is gone meanwhile
 */
export async function actOut(outcome: TestOutcome | undefined, signal: AbortSignal): Promise<void> {
  if (outcome === 'fail') throw new EngineError(FAILURE_ASKED_FOR, 'A failure was asked for.');
  if (outcome === 'slow') await pause(SLOW_MS, undefined, { signal });
}
