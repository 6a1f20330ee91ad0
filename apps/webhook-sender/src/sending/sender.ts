import type pg from 'pg';
import type { Secrets } from '../signing/secrets.js';
import type { Claim, Claims } from './claims.js';
import { Deliverer, type DelivererParts } from './deliverer.js';

/** Receivers that one process calls at a time, and of these for one account. */
const SLOTS = 128;
const SLOTS_PER_ACCOUNT = 8;
/** Deliveries to one receiver at a time, over all senders: a claim is one sender's. */
const PARALLEL = 8;
/** Longer than a round can take: a try has 15 s, and what comes before and after it has limits too. */
const CLAIM_MS = 60_000;
/** A sender looks for itself this often: a wake-up may be lost. */
const LOOK_EVERY_MS = 30_000;
/** Something is due, but its account has its share already: who finishes looks at once. */
const BUSY_WAIT_MS = 250;
const FAILURE_WAIT_MS = 1_000;
/** What is under way when a process is told to stop has so long; then it is made again elsewhere. */
const GRACE_MS = 5_000;

export interface SenderParts extends Omit<DelivererParts, 'claims'> {
  readonly claims: Claims;
  readonly secrets: Secrets;
  readonly pool: pg.Pool;
  /** Tells other senders that something is due which this one has no place for. */
  readonly callOthers: () => void;
}

/**
 * Calls receivers that have something due, longest due first. It claims a receiver, not a delivery:
 * whatever a receiver does to those who call it, it does to one slot. Any number of senders may run.
 */
export class Sender {
  private readonly deliverer: Deliverer;
  private readonly rounds = new Map<Claim, Promise<void>>();
  private readonly stop = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private again = false;
  private closed = false;

  constructor(private readonly parts: SenderParts) {
    this.deliverer = new Deliverer(parts);
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

  /** Another sender has no place for what is due. */
  called(): void {
    if (this.rounds.size < SLOTS) this.wake();
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
      this.parts.telemetry.logger.warn({ err: error }, 'deliveries could not be claimed');
    }
    if (!this.closed) this.timer = setTimeout(() => this.wake(), waitMs);
  }

  private async claim(): Promise<Claim[]> {
    const most = SLOTS - this.rounds.size;
    if (most <= 0) {
      this.parts.callOthers();
      return [];
    }
    const now = this.parts.clock.now();
    return this.parts.claims.take({
      now,
      until: new Date(now.getTime() + CLAIM_MS),
      most,
      mostPerAccount: SLOTS_PER_ACCOUNT,
      busy: this.busyAccounts(),
      own: Array.from(this.rounds.keys(), ({ receiver }) => receiver),
    });
  }

  /** Accounts with their share of slots; one just below it may pass it by less than the share. */
  private busyAccounts(): string[] {
    const accounts = [...this.rounds.keys()].map(({ accountId }) => accountId);
    const callsOf = (account: string) => accounts.filter((one) => one === account).length;
    return [...new Set(accounts)].filter((account) => callsOf(account) >= SLOTS_PER_ACCOUNT);
  }

  private begin(claim: Claim): void {
    const round = this.round(claim).finally(() => {
      this.rounds.delete(claim);
      this.wake();
    });
    this.rounds.set(claim, round);
  }

  /** One round of calls to one receiver. Never rejects. */
  private async round(claim: Claim): Promise<void> {
    const { claims, secrets, pool, clock, telemetry } = this.parts;
    try {
      const due = await claims.due(claim.receiver, clock.now(), PARALLEL);
      const owners = [...new Set(due.map(({ owner }) => owner))];
      const pairs = await secrets.live(pool, owners, clock.now());
      const tries = due.map((one) =>
        this.deliverer.deliver(one, pairs.get(one.owner) ?? [], this.stop.signal),
      );
      for (const one of await Promise.allSettled(tries)) {
        if (one.status === 'rejected') throw one.reason;
      }
      await claims.release(claim);
    } catch (error) {
      // Let go of, it would be due again at once, and break off again.
      telemetry.logger.error({ err: error }, 'a round of calls broke off; its claim will lapse');
    }
  }

  private async untilNext(): Promise<number> {
    const next = await this.parts.claims.nextDueAt();
    if (next === null) return LOOK_EVERY_MS;
    const ms = next.getTime() - this.parts.clock.now().getTime();
    return Math.min(Math.max(ms, BUSY_WAIT_MS), LOOK_EVERY_MS);
  }

  /** Receivers that are being called now. */
  get calling(): number {
    return this.rounds.size;
  }
}
