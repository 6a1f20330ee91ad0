import { hasReached, type Cursor } from '../reading/cursor.js';

/**
 * Events that need no publishing any more, by position. Bounded: the oldest are forgotten, and what
 * is forgotten is published twice, which its message id makes harmless.
 */
export class KnownEvents {
  /** Database transaction by position. */
  private readonly transactions = new Map<bigint, bigint>();

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.transactions.size;
  }

  add({ transactionId, position }: Cursor): void {
    this.transactions.set(position, transactionId);
    if (this.transactions.size <= this.capacity) return;
    const oldest = this.transactions.keys().next();
    if (!oldest.done) this.transactions.delete(oldest.value);
  }

  has(position: bigint): boolean {
    return this.transactions.has(position);
  }

  /** Forgets what a reader at `cursor` has passed. */
  dropUpTo(cursor: Cursor): void {
    for (const event of this.cursors()) {
      if (hasReached(cursor, event)) this.transactions.delete(event.position);
    }
  }

  /** The last in a reader's order, or the last before `limit`. */
  newestBefore(limit: Cursor | undefined): Cursor | undefined {
    let newest: Cursor | undefined;
    for (const event of this.cursors()) {
      const allowed = !limit || !hasReached(event, limit);
      if (allowed && (!newest || hasReached(event, newest))) newest = event;
    }
    return newest;
  }

  /** How many lie after `after`, up to `upTo`, in database transactions before `horizon`. */
  within(after: Cursor, upTo: Cursor, horizon: bigint): { count: number; last: Cursor } {
    let [count, last] = [0, after];
    for (const event of this.cursors()) {
      if (event.transactionId >= horizon || hasReached(after, event)) continue;
      if (!hasReached(upTo, event)) continue;
      count += 1;
      if (hasReached(event, last)) last = event;
    }
    return { count, last };
  }

  private *cursors(): Generator<Cursor> {
    for (const [position, transactionId] of this.transactions) yield { transactionId, position };
  }
}
