import { learn, type Learned } from '../schedule/log-normal.js';
import { Recent } from '../schedule/recent.js';

/** Waits shorter than this say nothing of the forecasts, and are not corrected; ms. */
const SHORT_MS = 5_000;
/** What was seen counts for nothing against so many observations that all was right. */
const TRUST_AFTER = 4;
/** A correction is no more than this, either way; nor does one forecast count for more. */
const MOST = 4;
const ACCOUNTS_MAX = 1_000;

/**
 * How forecasts of waits turned out, by account: an account that has more waiting than its share is
 * overtaken by whoever comes, and when more come than before its waits are longer than any forecast
 * that supposes they do not. What the last forecasts were wrong by corrects the next.
 */
export class Calibration {
  private readonly accounts = new Map<string, Learned>();

  /** What was foreseen, uncorrected, and what came of it. */
  note(accountId: string, foreseenMs: number, waitedMs: number): void {
    if (foreseenMs < SHORT_MS || waitedMs < SHORT_MS) return;
    const learned = learn(this.accounts.get(accountId), limited(waitedMs / foreseenMs));
    this.accounts.delete(accountId);
    this.accounts.set(accountId, learned);
    const [oldest] = this.accounts.keys();
    if (this.accounts.size > ACCOUNTS_MAX && oldest !== undefined) this.accounts.delete(oldest);
  }

  /** By how much a foreseen wait is to be multiplied. */
  factor(accountId: string, foreseenMs: number): number {
    const learned = this.accounts.get(accountId);
    if (learned === undefined || foreseenMs < SHORT_MS) return 1;
    const { seen, mean } = learned;
    return limited(Math.exp((mean * seen) / (seen + TRUST_AFTER)));
  }
}

const limited = (ratio: number): number => Math.min(MOST, Math.max(1 / MOST, ratio));

/** So many outcomes of a kind count; from so many on they say how wide forecasts are. */
const OUTCOMES_KEPT = 200;
const OUTCOMES_ENOUGH = 30;
/** Waits are of one kind up to these, in ms. */
const WAITS = [100, 5_000, 15_000, 40_000];

/**
 * How whole times, from submission to end, turned out against what was foreseen, by the wait foreseen
 * and whether a model had to be loaded: the p90 told is what nine of ten of the latest stayed within
 * (split conformal prediction), which holds whatever the errors come from.
 */
export class Outcomes {
  private readonly kinds = new Map<string, Recent>();

  note(kind: string, foreseenMs: number, tookMs: number): void {
    const recent = this.kinds.get(kind) ?? new Recent(OUTCOMES_KEPT);
    this.kinds.set(kind, recent);
    recent.add(tookMs / Math.max(1, foreseenMs));
  }

  /** @returns by what the foreseen time is to be multiplied; `undefined` until enough was seen */
  p90(kind: string): number | undefined {
    const recent = this.kinds.get(kind);
    if (recent === undefined || recent.size < OUTCOMES_ENOUGH) return undefined;
    return recent.quantile(0.9);
  }
}

/** What is told apart of forecasts. */
export const outcomeKind = (waitMs: number, cold: boolean): string =>
  `${WAITS.filter((each) => waitMs >= each).length} ${cold ? 'cold' : 'warm'}`;
