import type { Prospect } from '../prospect.js';
import { toldOf } from '../told.js';
import type { Foresight, Outcome } from './foresight.js';

/** A forecast counts as near when it is off by at most this share of the truth. */
const NEAR = 0.3;

/** How good the forecasts of a run were. Shares are of 1. */
export interface Goodness {
  readonly done: number;
  /** Whose time from submission to end was within 30% of what was foreseen: all, others, greedy ones. */
  readonly within30: number;
  readonly within30Others: number;
  readonly within30Greedy: number;
  /** Done by what was told as the p90. */
  readonly withinP90: number;
  /** From submission to start, in ms. */
  readonly waitP95Ms: number;
  readonly returned: number;
  /** Of those who came again at their time, let in then. */
  readonly honest: number;
  /** Runs of the schedule, and decisions in them, for each submission. */
  readonly runs: number;
  readonly decisions: number;
}

/** Whether what was told is off by at most 30% of the truth. */
export const isNear = (toldMs: number, tookMs: number): boolean =>
  Math.abs(toldMs - tookMs) <= NEAR * tookMs;

/** What the customer read, in ms. */
const etaMsOf = (foreseen: Prospect): number => 1_000 * toldOf(foreseen).etaSeconds;

export function goodnessOf({ outcomes, returned, letIn, cost }: Foresight): Goodness {
  const near = ({ foreseen, tookMs }: Outcome) => isNear(etaMsOf(foreseen), tookMs);
  const waits = outcomes.map(({ waitMs }) => waitMs).toSorted((a, b) => a - b);
  const asked = Math.max(1, cost.asked);
  return {
    done: outcomes.length,
    within30: shareOf(outcomes, near),
    within30Others: shareOf(
      outcomes.filter(({ greedy }) => !greedy),
      near,
    ),
    within30Greedy: shareOf(
      outcomes.filter(({ greedy }) => greedy),
      near,
    ),
    withinP90: shareOf(
      outcomes,
      ({ foreseen, tookMs }) => tookMs <= 1_000 * toldOf(foreseen).etaP90Seconds,
    ),
    waitP95Ms: waits[Math.floor(waits.length * 0.95)] ?? 0,
    returned,
    honest: letIn / Math.max(1, returned),
    runs: cost.runs / asked,
    decisions: cost.decisions / asked,
  };
}

/** @returns 1 where there are none */
export const shareOf = (
  outcomes: readonly Outcome[],
  check: (outcome: Outcome) => boolean,
): number => (outcomes.length === 0 ? 1 : outcomes.filter(check).length / outcomes.length);
