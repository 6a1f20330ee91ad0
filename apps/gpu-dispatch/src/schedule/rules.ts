import type { Lane } from '@safelight/contracts';

/** The rules of the order of service. Times in milliseconds. */
export interface ScheduleRules {
  /** A loaded model's account may be this much further on than the head: GPU time per weight. */
  readonly leadMs: number;
  /** A head that has waited longer forces a switch, as far as the budget goes. */
  readonly starvedMs: number;
  /** Slots are kept for no model that loads faster: ms. */
  readonly holdFromMs: number;
  /** Forced switches, as a share of all decisions, and how many may come at once. */
  readonly forcedShare: number;
  readonly forcedAtOnce: number;
  /** The least that each lane gets of the GPU time that it could use. */
  readonly minimumShares: Readonly<Record<Lane, number>>;
}

export const DEFAULT_RULES: ScheduleRules = {
  leadMs: 60_000,
  starvedMs: 90_000,
  holdFromMs: 5_000,
  forcedShare: 0.05,
  forcedAtOnce: 10,
  minimumShares: { interactive: 0, standard: 0.1, batch: 0.05 },
};
