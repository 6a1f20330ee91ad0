const LONGEST_PAUSE_MS = 60_000;

/**
 * How long a job waits after a failed attempt, in milliseconds: twice as long after each further one,
 * a minute at most. Half of it is left to chance, so that what failed together does not come back
 * together.
 *
 * @param earlier failed attempts before this one
 * @param firstMs the pause after the first
 * @param chance from 0 to below 1
 */
export function retryPauseMs(earlier: number, firstMs: number, chance: number): number {
  const wholeMs = Math.min(LONGEST_PAUSE_MS, firstMs * 2 ** earlier);
  return wholeMs * (0.5 + chance / 2);
}
