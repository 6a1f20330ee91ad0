import { learn, type Learned } from '../schedule/log-normal.js';

/** Waits shorter than this say nothing of the forecasts, and are not corrected; ms. */
const SHORT_MS = 5_000;
/** What was seen counts for nothing against so many observations that all was right. */
const TRUST_AFTER = 4;
/** A correction is no more than this, either way. */
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
    const learned = learn(this.accounts.get(accountId), waitedMs / foreseenMs);
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
    const trusted = Math.exp((mean * seen) / (seen + TRUST_AFTER));
    return Math.min(MOST, Math.max(1 / MOST, trusted));
  }
}
