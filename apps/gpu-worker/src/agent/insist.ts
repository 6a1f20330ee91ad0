import { setTimeout as pause } from 'node:timers/promises';
import { AnswerFault, Unavailable } from '@safelight/messaging';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 3_000;

export interface Patience {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds after which a failure is final. */
  readonly untilMs?: number;
  /** Whether the failure may pass; where not said: nobody answered, or the answerer stumbled. */
  readonly isPassing?: (error: unknown) => boolean;
  /** Told of every failure that is about to be tried again. */
  readonly onTrouble?: (error: unknown) => void;
}

const goesUnanswered = (error: unknown): boolean =>
  error instanceof Unavailable || error instanceof AnswerFault;

/**
 * Asks again, with growing pauses, while nobody answers or the answerer stumbles. Only for requests
 * that are safe to repeat.
 *
 * @throws what `ask` threw once patience is over, and every refusal at once
 */
export async function insist<T>(
  ask: () => Promise<T>,
  { signal, untilMs = Infinity, isPassing = goesUnanswered, onTrouble }: Patience,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error) || signal.aborted || Date.now() > untilMs) throw error;
      onTrouble?.(error);
      const limit = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
      await pause(limit * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }
}
