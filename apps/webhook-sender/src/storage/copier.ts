import { Unavailable } from '@safelight/messaging';
import { isUnreachable } from '@safelight/postgres';
import type { StoreClaim } from './copy-claims.js';
import { CLAIM_MS, Copying, type CopyingParts } from './copying.js';

/** Jobs that one process copies at a time, and of these for one account; each has a picture in memory. */
const SLOTS = 4;
const SLOTS_PER_ACCOUNT = 2;
/** A copier looks for itself this often: the event of an end may have gone to another process. */
const LOOK_EVERY_MS = 30_000;
const BUSY_WAIT_MS = 250;
const FAILURE_WAIT_MS = 5_000;
/** What is under way when a process is told to stop has so long; then it is made again elsewhere. */
const GRACE_MS = 5_000;

/**
 * Copies the outputs of jobs into their owners' buckets, longest due first. Any number may run: a job
 * is claimed, and a copier that dies leaves a claim that lapses. Doing a copy twice does no harm: it
 * has the same key and the same bytes.
 */
export class Copier {
  private readonly copying: Copying;
  private readonly rounds = new Map<StoreClaim, Promise<void>>();
  private readonly stop = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private again = false;
  private closed = false;

  constructor(private readonly parts: CopyingParts) {
    this.copying = new Copying(parts);
  }

  /** Something may be due. */
  wake(): void {
    if (this.closed) return;
    this.again = true;
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
      if (this.again) this.wake();
    });
  }

  /** Takes no more; what is under way has five seconds. */
  async close(): Promise<void> {
    this.closed = true;
    this.again = false;
    clearTimeout(this.timer);
    const impatience = setTimeout(() => this.stop.abort(), GRACE_MS);
    await this.looking;
    await Promise.all(this.rounds.values());
    clearTimeout(impatience);
  }

  private async look(): Promise<void> {
    clearTimeout(this.timer);
    let waitMs = FAILURE_WAIT_MS;
    try {
      while (this.again && !this.closed) {
        this.again = false;
        const claims = await this.claim();
        for (const claim of claims) this.begin(claim);
        // There may be more of what there was some of.
        if (claims.length > 0) this.again = true;
      }
      waitMs = await this.untilNext();
    } catch (error) {
      this.again = false;
      this.parts.telemetry.logger.warn({ err: error }, 'copies could not be claimed');
    }
    if (!this.closed) this.timer = setTimeout(() => this.wake(), waitMs);
  }

  private async claim(): Promise<StoreClaim[]> {
    const most = SLOTS - this.rounds.size;
    if (most <= 0) return [];
    const { claims, clock } = this.parts;
    const now = clock.now();
    const until = new Date(now.getTime() + CLAIM_MS);
    return claims.take({
      ...{ now, until, most, mostPerAccount: SLOTS_PER_ACCOUNT, busy: this.busyAccounts() },
      own: Array.from(this.rounds.keys(), ({ job_id }) => job_id),
    });
  }

  private busyAccounts(): string[] {
    const accounts = [...this.rounds.keys()].map(({ account_id }) => account_id);
    const roundsOf = (account: string) => accounts.filter((one) => one === account).length;
    return [...new Set(accounts)].filter((account) => roundsOf(account) >= SLOTS_PER_ACCOUNT);
  }

  private begin(claim: StoreClaim): void {
    const round = this.round(claim).finally(() => {
      this.rounds.delete(claim);
      this.wake();
    });
    this.rounds.set(claim, round);
  }

  /** Never rejects. */
  private async round(claim: StoreClaim): Promise<void> {
    const { claims, clock, telemetry } = this.parts;
    try {
      const next = await this.copying.look(claim, this.stop.signal);
      if (next !== undefined) await claims.release(claim, next);
    } catch (error) {
      if (this.stop.signal.aborted) return this.leave(claim, claim.due_at);
      const isAway = error instanceof Unavailable || isUnreachable(error);
      const fields = { err: error, job: claim.job_id };
      if (isAway) telemetry.logger.warn(fields, 'copies wait for another service');
      else telemetry.logger.error(fields, 'copies broke off');
      // No try is counted. A fault of ours needs a person; until then it shall not spin.
      const until = new Date(clock.now().getTime() + (isAway ? FAILURE_WAIT_MS : CLAIM_MS));
      await this.leave(claim, until);
    }
  }

  /** As it was, for whoever comes next; if that cannot be said the claim lapses. */
  private async leave(claim: StoreClaim, dueAt: Date): Promise<void> {
    await this.parts.claims.release(claim, dueAt).catch(() => undefined);
  }

  private async untilNext(): Promise<number> {
    const next = await this.parts.claims.nextDueAt();
    if (next === null) return LOOK_EVERY_MS;
    const ms = next.getTime() - this.parts.clock.now().getTime();
    return Math.min(Math.max(ms, BUSY_WAIT_MS), LOOK_EVERY_MS);
  }
}
