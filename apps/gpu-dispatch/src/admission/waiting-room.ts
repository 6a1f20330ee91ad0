/** What a client wanted when it was turned away. */
export interface Wanted {
  readonly accountId: string;
  /** What has to be the same when it comes again: lane, pool, model. */
  readonly kind: string;
}

/** A place that is kept for a client that was told when to come again. Times are monotonic, in ms. */
export interface Invitation<Job = unknown> extends Wanted {
  /** Its place: rises in the order in which clients were first turned away. */
  readonly order: number;
  readonly dueMs: number;
  /** The job that was turned away. */
  readonly jobId?: string;
  /** What it will bring, for whoever counts what stands before others. */
  readonly job: Job;
}

/** A client that comes so much before its time is taken for punctual: clocks and networks differ. */
const EARLY_MS = 1_000;
/** How long a place is kept for one that does not come. */
const KEPT_MS = 15_000;
/** Places that one account can have kept: one that asks all the time shall not crowd out itself. */
const PER_ACCOUNT_MAX = 256;

/**
 * Those who were turned away, in order. Each counts as if it were waiting already, against whoever
 * comes after it and is not invited, so that the hour it was told holds: when it comes again what was
 * promised to it has not been given to somebody else. Nobody is told by it that they may come in: the
 * forecast decides again.
 */
export class WaitingRoom<Job = unknown> {
  private readonly accounts = new Map<string, Invitation<Job>[]>();
  private nextOrder = 0;
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Everybody who is expected, in no order. */
  *expected(): Generator<Invitation<Job>> {
    for (const invitations of this.accounts.values()) yield* invitations;
  }

  /** The place of a client that comes when it was told to; given up, unless it is invited anew. */
  claim({ accountId, kind }: Wanted, nowMs: number): Invitation<Job> | undefined {
    const own = this.accounts.get(accountId) ?? [];
    const index = own.findIndex((one) => one.kind === kind && one.dueMs <= nowMs + EARLY_MS);
    return this.takeOut(accountId, own, index);
  }

  /** The place of a job that comes too early; given up, unless it is invited anew. */
  reclaim({ accountId }: Wanted, jobId: string): Invitation<Job> | undefined {
    const own = this.accounts.get(accountId) ?? [];
    const index = own.findIndex((one) => one.jobId === jobId);
    return this.takeOut(accountId, own, index);
  }

  /** A place at the end, for one that comes for the first time; `undefined` where it has its share. */
  nextPlace(accountId: string): number | undefined {
    const { length } = this.accounts.get(accountId) ?? [];
    if (length >= PER_ACCOUNT_MAX) return undefined;
    this.nextOrder += 1;
    return this.nextOrder;
  }

  invite(invitation: Invitation<Job>): void {
    const { accountId, order } = invitation;
    const own = this.accounts.get(accountId) ?? [];
    const place = own.findIndex((one) => one.order > order);
    own.splice(place < 0 ? own.length : place, 0, invitation);
    this.accounts.set(accountId, own);
    this.count += 1;
  }

  /** Gives up the places of those who have not come. */
  forgetThoseLate(nowMs: number): void {
    for (const [accountId, own] of this.accounts) {
      const kept = own.filter(({ dueMs }) => dueMs + KEPT_MS >= nowMs);
      this.count -= own.length - kept.length;
      if (kept.length === 0) this.accounts.delete(accountId);
      else if (kept.length < own.length) this.accounts.set(accountId, kept);
    }
  }

  private takeOut(
    accountId: string,
    own: Invitation<Job>[],
    index: number,
  ): Invitation<Job> | undefined {
    const taken = own[index];
    if (taken === undefined) return undefined;
    own.splice(index, 1);
    this.count -= 1;
    if (own.length === 0) this.accounts.delete(accountId);
    return taken;
  }
}
