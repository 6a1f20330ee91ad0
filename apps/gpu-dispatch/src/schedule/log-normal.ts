/** What is learned of a time that varies by a factor: mean and variance of its natural logarithm. */
export interface Learned {
  /** How often it was seen, at all. */
  readonly seen: number;
  readonly mean: number;
  readonly variance: number;
}

/** A time as it is usual, and as nine of ten are at most. */
export interface Quantiles {
  readonly p50Ms: number;
  readonly p90Ms: number;
}

/** The newest observation never weighs less: about the last twenty count, so that what changes is followed. */
const LEAST_WEIGHT = 0.05;
/** What is thought of the spread before anything was seen, and as how many observations that counts. */
const PRIOR_SPREAD = 0.3;
const PRIOR_SEEN = 3;
/** Where nine tenths of a normal distribution lie, in standard deviations above its mean. */
const Z90 = 1.2816;

/** Takes in one more observation, above 0. */
export function learn(learned: Learned | undefined, value: number): Learned {
  const log = Math.log(value);
  if (learned === undefined) return { seen: 1, mean: log, variance: 0 };
  const seen = learned.seen + 1;
  const weight = Math.max(LEAST_WEIGHT, 1 / seen);
  const off = log - learned.mean;
  return {
    seen,
    mean: learned.mean + weight * off,
    variance: (1 - weight) * (learned.variance + weight * off * off),
  };
}

/**
 * Runtimes of one kind of work are close to log-normal (measured on a fleet's trace: sigma 0.65 over
 * all kinds of work together), so two numbers give every quantile, and follow a change in the engine's
 * speed, which counts over the whole past would not.
 */
export function quantilesOf({ seen, mean, variance }: Learned): Quantiles {
  const counted = Math.min(seen, 1 / LEAST_WEIGHT);
  const pooled = (counted * variance + PRIOR_SEEN * PRIOR_SPREAD ** 2) / (counted + PRIOR_SEEN);
  return { p50Ms: Math.exp(mean), p90Ms: Math.exp(mean + Z90 * Math.sqrt(pooled)) };
}

/** Around a guess that nothing was seen for: it may well be wrong by a factor of two. */
export const quantilesOfGuess = (ms: number): Quantiles => ({ p50Ms: ms, p90Ms: 2 * ms });

/** The logistic curve that is closest to the normal one, so scaled: off by a hundredth at most. */
const LOGISTIC = 1.702;

/**
 * How much longer something probably takes that has taken so long already: the median of those that
 * take at least that long. What is overdue is not about to end: it is one of the long ones.
 */
export function medianLeft({ p50Ms, p90Ms }: Quantiles, elapsedMs: number): number {
  if (elapsedMs <= 0) return p50Ms;
  const mean = Math.log(Math.max(1, p50Ms));
  const spread = (Math.log(Math.max(1, p90Ms)) - mean) / Z90;
  if (spread <= 0) return Math.max(0, p50Ms - elapsedMs);
  const z = (LOGISTIC * (Math.log(elapsedMs) - mean)) / spread;
  // Half the tail beyond `z`: 1 + e^x = 2 (1 + e^z).
  const half = z > 30 ? z + Math.LN2 : Math.log1p(2 * Math.exp(z));
  return Math.exp(mean + (spread * half) / LOGISTIC) - elapsedMs;
}
