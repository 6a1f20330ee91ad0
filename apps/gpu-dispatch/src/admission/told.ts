import type { Prospect } from './prospect.js';

/** What customers are told, in whole seconds; what is measured is this. */
export interface Told {
  readonly etaSeconds: number;
  readonly etaP90Seconds: number;
  readonly queuePosition: number;
}

export function toldOf({ position, finishMs }: Pick<Prospect, 'position' | 'finishMs'>): Told {
  // To the nearest second: half a second more on average is much where jobs take a few.
  const rounded = Math.round(finishMs.p50 / 1_000);
  const etaSeconds = finishMs.p50 > 0 ? Math.max(1, rounded) : 0;
  const etaP90Seconds = Math.max(etaSeconds, Math.ceil(finishMs.p90 / 1_000));
  return { etaSeconds, etaP90Seconds, queuePosition: position };
}
