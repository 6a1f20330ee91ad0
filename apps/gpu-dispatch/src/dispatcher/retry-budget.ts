import type { Clock } from './alarms.js';

/** A retry is earned by as much completed work. */
const COMPLETED_PER_RETRY = 10;
/** What may be tried again at once, whatever was completed: a fleet that idles is not sick. */
const BURST = 20;
/** And this many a second later on, so that nothing waits for ever. */
const PER_SECOND = 2;
/** Work counts as recent for about so long. */
const RECENT_MS = 60_000;

/**
 * How much work may be done over, of all jobs together: a tenth of what was completed lately, and a
 * trickle. When a whole fleet fails, its retries would otherwise crowd out what could still succeed;
 * so they wait in line, first come first served, and no attempt is lost by it.
 */
export class RetryBudget {
  private readonly line: (() => void)[] = [];
  private tokens = BURST;
  private recent = 0;
  private lastMs: number;
  private armed = false;

  constructor(private readonly clock: Clock) {
    this.lastMs = clock.now();
  }

  /** An attempt was completed. */
  earn(): void {
    this.refill();
    this.recent += 1;
    this.deposit(1 / COMPLETED_PER_RETRY);
    this.serve();
  }

  /** Calls once the budget allows it: at once, or later, in the order of asking. */
  spend(call: () => void): void {
    this.refill();
    this.line.push(call);
    this.serve();
  }

  /** Retries that would be allowed at once. */
  get left(): number {
    this.refill();
    return Math.floor(this.tokens);
  }

  /** Retries that wait for their turn. */
  get waiting(): number {
    return this.line.length;
  }

  private serve(): void {
    while (this.tokens >= 1) {
      const next = this.line.shift();
      if (next === undefined) return;
      this.tokens -= 1;
      next();
    }
    if (this.line.length === 0 || this.armed) return;
    this.armed = true;
    this.clock.callIn(((1 - this.tokens) / PER_SECOND) * 1_000, () => {
      this.armed = false;
      this.refill();
      this.serve();
    });
  }

  private refill(): void {
    const nowMs = this.clock.now();
    const passedMs = Math.max(0, nowMs - this.lastMs);
    this.lastMs = nowMs;
    this.recent *= Math.exp(-passedMs / RECENT_MS);
    this.deposit((passedMs / 1_000) * PER_SECOND);
  }

  /** What is saved up is bounded too: yesterday's good work pays for no storm today. */
  private deposit(tokens: number): void {
    const most = Math.max(BURST, this.recent / COMPLETED_PER_RETRY);
    this.tokens = Math.max(this.tokens, Math.min(most, this.tokens + tokens));
  }
}
