import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 10;

/**
 * Waits for a condition where no signal exists: asks until the answer is truthy.
 *
 * @param check may throw while the condition does not hold; asked every 10 ms by default
 * @returns the truthy answer
 * @throws after `deadlineMs` (10 s by default), with what `check` said or threw last
 */
export async function eventually<T>(
  check: () => Promise<T> | T,
  { deadlineMs = 10_000, everyMs = PAUSE_MS }: { deadlineMs?: number; everyMs?: number } = {},
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const last = await attempt(check);
    if ('answer' in last && last.answer) {
      return last.answer as Exclude<T, false | null | undefined | 0 | ''>;
    }
    if (performance.now() > deadline) throw expired(deadlineMs, last);
    await pause(everyMs);
  }
}

type Attempt<T> = { answer: T } | { error: unknown };

async function attempt<T>(check: () => Promise<T> | T): Promise<Attempt<T>> {
  try {
    return { answer: await check() };
  } catch (error) {
    return { error };
  }
}

function expired(deadlineMs: number, last: Attempt<unknown>): Error {
  const message = `the condition did not hold within ${deadlineMs} ms`;
  if ('error' in last) return new Error(message, { cause: last.error });
  return new Error(`${message}: the last answer was ${String(last.answer)}`);
}
