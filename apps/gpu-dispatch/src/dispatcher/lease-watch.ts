import type { Attempts } from './attempts.js';
import { contextOf } from './board.js';
import type { Fallback } from './fallback.js';
import type { ReignParts } from './reign-parts.js';

/** Looks at the leases this many times in the life of one. */
const LOOKS_PER_LEASE = 6;
/** The orchestrator ends overdue jobs; this long after the deadline their place is given up here. */
const DEADLINE_GRACE_MS = 60_000;

/**
 * Expires the leases of workers that are not heard of. While the dispatcher itself could not hear
 * (bus away, process suspended) nobody is to blame: every lease then gets a whole life again.
 */
export class LeaseWatch {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private lookedMs = performance.now();
  /** Since when whoever is there could be heard. */
  private hearsSinceMs = performance.now();
  private deaf = false;

  constructor(
    private readonly parts: ReignParts,
    private readonly attempts: Attempts,
    private readonly fallback: Fallback,
  ) {}

  /** To be called once workers are heard: no lease may run out before its holder could speak. */
  start(): void {
    this.renewAll();
    this.schedule();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.looking;
  }

  /** The bus is away: what workers say does not reach us. */
  becomeDeaf(): void {
    this.deaf = true;
  }

  /** The bus is there again. */
  hearAgain(): void {
    this.deaf = false;
    this.renewAll();
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.looking = this.look()
        .catch((error: unknown) => this.parts.abdicate(error))
        .then(() => {
          if (this.timer !== undefined) this.schedule();
        });
    }, this.parts.config.LEASE_MS / LOOKS_PER_LEASE);
  }

  private async look(): Promise<void> {
    const { board, config } = this.parts;
    const nowMs = performance.now();
    const suspended = nowMs - this.lookedMs > config.LEASE_MS / 2;
    this.lookedMs = nowMs;
    if (suspended) this.renewAll();
    if (this.deaf || suspended) return;
    board.roster.dropSilent(nowMs - config.LEASE_MS);
    // Who was not heard because of us is not gone.
    if (nowMs - this.hearsSinceMs > config.LEASE_MS) this.fallback.look();
    await Promise.all([...this.expired(nowMs), ...this.overdue(Date.now())]);
  }

  private expired(nowMs: number): Promise<void>[] {
    return this.parts.board.leased().flatMap((entry) => {
      const { lease } = entry;
      if (lease === undefined || lease.untilMs > nowMs) return [];
      const { telemetry } = this.parts;
      const { workerId, attempt } = lease;
      telemetry.logger.warn({ job_id: entry.job.jobId, workerId, attempt }, 'lease expired');
      return [this.attempts.expire(entry, attempt)];
    });
  }

  private overdue(nowMs: number): Promise<void>[] {
    const withdrawals: Promise<void>[] = [];
    for (const entry of this.parts.board.all()) {
      if (entry.deadlineAtMs + DEADLINE_GRACE_MS >= nowMs) continue;
      const meta = { commandId: 'withdraw-deadline', context: contextOf(entry) };
      withdrawals.push(this.attempts.withdraw(entry.job.jobId, 'deadline', meta));
    }
    return withdrawals;
  }

  private renewAll(): void {
    const { board, config } = this.parts;
    const untilMs = performance.now() + config.LEASE_MS;
    for (const { lease } of board.leased()) {
      if (lease !== undefined) lease.untilMs = Math.max(lease.untilMs, untilMs);
    }
    this.lookedMs = performance.now();
    this.hearsSinceMs = this.lookedMs;
  }
}
