/** A calendar month in UTC, in epoch milliseconds; `toMs` is exclusive. */
export interface Month {
  readonly fromMs: number;
  readonly toMs: number;
}

/** @param month as `2026-11` */
export function monthOf(month: string): Month {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return { fromMs: Date.UTC(year, number - 1), toMs: Date.UTC(year, number) };
}

/**
 * Entries are dated by the clock of whoever wrote them, which the database holds to within ten
 * seconds of its own: a minute after its end nothing is added to a month.
 */
const SETTLED_AFTER_MS = 60_000;

export type MonthState = 'future' | 'running' | 'over';

export function stateOf({ fromMs, toMs }: Month, nowMs: number): MonthState {
  if (nowMs < fromMs) return 'future';
  return nowMs < toMs + SETTLED_AFTER_MS ? 'running' : 'over';
}

/** The last instant before, as PostgreSQL's clocks count. */
export const justBefore = (ms: number): string =>
  new Date(ms - 1).toISOString().replace('Z', '999Z');
