import { medianLeft, type Quantiles } from './log-normal.js';

/** In [0, 1). */
export type Random = () => number;

/** What is known of a job that runs: how long so far, how long such ones take, and its load before. */
export interface Underway {
  readonly elapsedMs: number;
  readonly runtime: Quantiles;
  /** Of a job whose model was loaded for it. */
  readonly load?: Load | undefined;
}

/** How long a model takes to load: the latest loads where enough were seen, and what is supposed. */
export interface Load {
  readonly seen: readonly number[];
  readonly supposed: Quantiles;
}

const Z90 = 1.2816;
/** A job that is overdue by more than so many draws reach is foreseen by its median. */
const TRIES = 8;

/** One that the log-normal with these quantiles might have been. */
export function drawTime({ p50Ms, p90Ms }: Quantiles, random: Random): number {
  if (p90Ms <= p50Ms || p50Ms <= 0) return p50Ms;
  const spread = Math.log(p90Ms / p50Ms) / Z90;
  // Box and Muller.
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return p50Ms * Math.exp(spread * radius * Math.cos(2 * Math.PI * random()));
}

export function drawLoad({ seen, supposed }: Load, random: Random): number {
  return seen[Math.floor(random() * seen.length)] ?? drawTime(supposed, random);
}

/** How much longer a job might run: as `drawTime` among those that take longer than it has taken. */
export function drawLeft({ elapsedMs, runtime, load }: Underway, random: Random): number {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const wholeMs = drawTime(runtime, random) + (load === undefined ? 0 : drawLoad(load, random));
    if (wholeMs > elapsedMs) return wholeMs - elapsedMs;
  }
  return leftOf({ elapsedMs, runtime, load });
}

/** How much longer a job probably runs, in the middle way. */
export function leftOf({ elapsedMs, runtime, load }: Underway): number {
  const { p50Ms, p90Ms } = load?.supposed ?? { p50Ms: 0, p90Ms: 0 };
  return medianLeft({ p50Ms: runtime.p50Ms + p50Ms, p90Ms: runtime.p90Ms + p90Ms }, elapsedMs);
}
