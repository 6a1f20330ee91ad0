const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits after the first, second, … failed try: a day in all. */
const PASSING_WAITS_MS: readonly number[] = [
  10 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
  9 * HOUR_MS,
];

/** What only the owner of the bucket can change: time for a new policy to become known, no more. */
const LASTING_WAITS_MS: readonly number[] = [30 * SECOND_MS, 5 * MINUTE_MS];

/** Up to this much longer, so that what failed together does not come back together. */
const JITTER = 0.2;
/** A store may ask for at most this much patience. */
const ASKED_MAX_MS = HOUR_MS;

/**
 * When a copy is tried again after its `tries`-th failure, never sooner than the store asked for;
 * `null`: not again.
 * @param random 0..1
 */
export function nextCopyAt(
  { kind, askedMs }: { readonly kind: 'lasting' | 'passing'; readonly askedMs: number | null },
  { tries, now, random }: { readonly tries: number; readonly now: Date; readonly random: number },
): Date | null {
  const waitMs = (kind === 'lasting' ? LASTING_WAITS_MS : PASSING_WAITS_MS)[tries - 1];
  if (waitMs === undefined) return null;
  const asked = Math.min(askedMs ?? 0, ASKED_MAX_MS);
  return new Date(now.getTime() + Math.max(waitMs * (1 + JITTER * random), asked));
}
