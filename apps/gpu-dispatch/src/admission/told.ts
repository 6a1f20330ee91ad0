import type { Prospect } from './prospect.js';

/** A forecast counts as near when it is off by at most this share of the truth. */
export const NEAR = 0.3;

/**
 * Told is the forecast whose ±30% of the truth lie evenly around the median. Near to a forecast f are
 * the times from f / 1.3 to f / 0.7, of which f is not the (geometric) middle, because the share is of
 * the truth: that is f / √(0.7 · 1.3). So 4.6% less than the median is told.
 */
const TOLD_OF_MEDIAN = Math.sqrt((1 - NEAR) * (1 + NEAR));

/** What customers are told, in whole seconds; what is measured is this. */
export interface Told {
  readonly etaSeconds: number;
  readonly etaP90Seconds: number;
  readonly queuePosition: number;
}

export function toldOf({ position, finishMs }: Pick<Prospect, 'position' | 'finishMs'>): Told {
  // To the nearest second: half a second more on average is much where jobs take a few.
  const rounded = Math.round((TOLD_OF_MEDIAN * finishMs.p50) / 1_000);
  const etaSeconds = finishMs.p50 > 0 ? Math.max(1, rounded) : 0;
  const etaP90Seconds = Math.max(etaSeconds, Math.ceil(finishMs.p90 / 1_000));
  return { etaSeconds, etaP90Seconds, queuePosition: position };
}
