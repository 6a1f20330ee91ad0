import type { Clock } from './alarms.js';

/** A retry is earned by as much completed work. */
const COMPLETED_PER_RETRY = 10;
/** What may be tried again at once, whatever was completed: a fleet that idles is not sick. */
const BURST = 20;
/** And this many a second later on, so that nothing waits for ever. */
const PER_SECOND = 2;
/** Work counts as recent for about so long. */
const RECENT_MS = 60_000;

/** A job that waits to be tried again. */
export interface Retry {
  /** Whether it still waits for that: it may have ended meanwhile. */
  isWanted(): boolean;
  make(): void;
}

/**
 * How much work may be done over, of all jobs together: a tenth of what was completed lately, and a
 * trickle. When a whole fleet fails, its retries would otherwise crowd out what could still succeed;
 * so they wait in line, account by account in turn, and no attempt is lost by it.
 */
export class RetryBudget {
  /** By account, in the order of their turns. */
  private readonly lines = new Map<string, Retry[]>();
  private tokens = BURST;
  private recent = 0;
  private lastMs: number;
  private closed = false;
  private disarm: (() => void) | undefined;

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

  /** Makes it once the budget allows it: at once, or later, in its account's turn. */
  spend(accountId: string, retry: Retry): void {
    if (this.closed) return;
    this.refill();
    const line = this.lines.get(accountId) ?? [];
    this.lines.set(accountId, line);
    line.push(retry);
    this.serve();
  }

  /** Makes nothing more. */
  close(): void {
    this.closed = true;
    this.disarm?.();
    this.disarm = undefined;
    this.lines.clear();
  }

  /** Retries that would be allowed at once. */
  get left(): number {
    this.refill();
    return Math.floor(this.tokens);
  }

  /** Retries that wait for their turn. */
  get waiting(): number {
    return [...this.lines.values()].reduce((sum, line) => sum + line.length, 0);
  }

  private serve(): void {
    while (this.tokens >= 1) {
      const next = this.next();
      if (next === undefined) return;
      this.tokens -= 1;
      next.make();
    }
    if (this.lines.size === 0 || this.disarm !== undefined) return;
    this.disarm = this.clock.callIn(((1 - this.tokens) / PER_SECOND) * 1_000, () => {
      this.disarm = undefined;
      this.refill();
      this.serve();
    });
  }

  /** Of the account whose turn it is, which then stands last; what nobody wants any more is dropped. */
  private next(): Retry | undefined {
    for (const [accountId, line] of this.lines) {
      this.lines.delete(accountId);
      let retry = line.shift();
      while (retry !== undefined && !retry.isWanted()) retry = line.shift();
      if (line.length > 0) this.lines.set(accountId, line);
      if (retry !== undefined) return retry;
    }
    return undefined;
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
