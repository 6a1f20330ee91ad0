import type { Lane } from '@safelight/contracts';

/** The most urgent first. */
export const LANES = ['interactive', 'standard', 'batch'] as const satisfies readonly Lane[];

/** Tokens for switches that only patience asks for: a share of all decisions, and a few at once. */
export class SwitchBudget {
  private tokens: number;

  constructor(
    private readonly share: number,
    private readonly most: number,
  ) {
    this.tokens = most;
  }

  /** A decision was made. */
  earn(): void {
    this.tokens = Math.min(this.most, this.tokens + this.share);
  }

  canSpend(): boolean {
    return this.tokens >= 1;
  }

  spend(): void {
    this.tokens -= 1;
  }

  clone(): SwitchBudget {
    const copy = new SwitchBudget(this.share, this.most);
    copy.tokens = this.tokens;
    return copy;
  }
}

/**
 * The least that a lane gets while more urgent ones have work for the same workers: a share of the
 * GPU time that is given out in its presence, saved up until it pays for a job.
 */
export class LaneShares {
  private readonly saved: Record<Lane, number> = { interactive: 0, standard: 0, batch: 0 };

  constructor(private readonly shares: Readonly<Record<Lane, number>>) {}

  /** Whether the lane has saved enough for a job of this cost. */
  canPay(lane: Lane, gpuMs: number): boolean {
    return this.shares[lane] > 0 && this.saved[lane] >= gpuMs;
  }

  /** @param present lanes that had a job for the worker that got this one */
  gave(lane: Lane, gpuMs: number, present: readonly Lane[]): void {
    for (const each of present) this.saved[each] += this.shares[each] * gpuMs;
    this.saved[lane] = Math.max(0, this.saved[lane] - gpuMs);
  }

  clone(): LaneShares {
    const copy = new LaneShares(this.shares);
    Object.assign(copy.saved, this.saved);
    return copy;
  }
}

/** How many jobs of an account run, against the most that may. */
export class RunningCaps {
  private readonly accounts = new Map<string, { running: number; known: number; max: number }>();

  /** A job of the account came; the latest says how many may run. */
  came({
    accountId,
    runningMax = Infinity,
  }: {
    accountId: string;
    runningMax?: number | undefined;
  }): void {
    const account = this.accounts.get(accountId) ?? { running: 0, known: 0, max: runningMax };
    account.known += 1;
    account.max = runningMax;
    this.accounts.set(accountId, account);
  }

  ran(accountId: string): void {
    const account = this.accounts.get(accountId);
    if (account !== undefined) account.running += 1;
  }

  stopped(accountId: string): void {
    const account = this.accounts.get(accountId);
    if (account !== undefined) account.running -= 1;
  }

  /** One of its jobs is in the schedule no more. */
  went(accountId: string): void {
    const account = this.accounts.get(accountId);
    if (account === undefined) return;
    account.known -= 1;
    if (account.known === 0) this.accounts.delete(accountId);
  }

  running(accountId: string): number {
    return this.accounts.get(accountId)?.running ?? 0;
  }

  isFull(accountId: string): boolean {
    const account = this.accounts.get(accountId);
    return account !== undefined && account.running >= account.max;
  }

  clone(): RunningCaps {
    const copy = new RunningCaps();
    for (const [accountId, account] of this.accounts) copy.accounts.set(accountId, { ...account });
    return copy;
  }
}
