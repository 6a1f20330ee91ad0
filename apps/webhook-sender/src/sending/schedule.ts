const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits after the first, second, … failed try: 73.6 hours in all, so the last try is after 3 days. */
export const WAITS_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  18 * HOUR_MS,
  24 * HOUR_MS,
];

/** Up to this much longer, so that what failed together does not come back together. */
const JITTER = 0.2;
/** A receiver may ask for at most this much patience. */
const RETRY_AFTER_MAX_MS = 24 * HOUR_MS;

/**
 * When a delivery is tried again after its `tries`-th failure, never sooner than the receiver asked
 * for; `null` once the schedule is through.
 *
 * @param random 0..1
 * @param askedMs what the receiver's `Retry-After` asked for, in milliseconds
 */
export function nextTryAt(
  tries: number,
  now: Date,
  random: number,
  askedMs: number | null = null,
): Date | null {
  const waitMs = WAITS_MS[tries - 1];
  if (waitMs === undefined) return null;
  const jittered = waitMs * (1 + JITTER * random);
  const asked = Math.min(askedMs ?? 0, RETRY_AFTER_MAX_MS);
  return new Date(now.getTime() + Math.max(jittered, asked));
}

/** What a `Retry-After` asks for, in milliseconds from now: seconds, or a date (RFC 9110, 10.2.3). */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND_MS;
  // Date.parse makes a date of nearly anything; all forms of the RFC begin with the day's name.
  const time = /^[A-Z][a-z]{2,8}[ ,]/.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(time) ? null : Math.max(time - now.getTime(), 0);
}
