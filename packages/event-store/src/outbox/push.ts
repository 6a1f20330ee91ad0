import type { RecordedEvent } from '@safelight/event-sourcing';
import { hasReached, type Cursor } from '../reading/cursor.js';
import type { Mailing } from './mailing.js';

const MAX_BATCH = 512;
/** More waiting events than this, and the cursor reader takes over: memory stays bounded. */
const MAX_QUEUE = 20_000;

/**
 * `resting`: commits are left to the cursor reader. `held`: commits are queued until the reader has
 * passed those that were left out, so that one stream's events never overtake each other. `live`:
 * commits are published at once. `closed`: commits are left to whoever relays next.
 */
type Mode = 'resting' | 'held' | 'live' | 'closed';

/** The fast path: publishes what the writer has just committed, in the order of the commits. */
export class Push {
  private mode: Mode = 'resting';
  private queue: RecordedEvent[] = [];
  /** What waits or is in flight, by position. */
  private readonly pending = new Map<bigint, Cursor>();
  private leftOut: Cursor | undefined;
  private working: Promise<void> | undefined;

  constructor(
    private readonly mailing: Mailing,
    private readonly onTrouble: (error: Error | undefined) => void,
  ) {}

  accept(events: readonly RecordedEvent[]): void {
    if (this.mode === 'closed') return;
    if (this.mode === 'resting') {
      this.leftOut = events.at(-1) ?? this.leftOut;
      return;
    }
    for (const event of events) {
      this.queue.push(event);
      this.pending.set(event.position, event);
    }
    if (this.queue.length > MAX_QUEUE) {
      this.rest();
      this.onTrouble(undefined);
    } else this.begin();
  }

  /** Whether this path will publish the event itself. */
  isPending(position: bigint): boolean {
    return this.pending.has(position);
  }

  /** The first, in a reader's order, that this path will publish. */
  get oldestPending(): Cursor | undefined {
    let oldest: Cursor | undefined;
    for (const event of this.pending.values()) {
      if (!oldest || hasReached(oldest, event)) oldest = event;
    }
    return oldest;
  }

  get live(): boolean {
    return this.mode === 'live';
  }

  /** Leaves everything that is not in flight to the cursor reader. */
  rest(upTo?: Cursor): void {
    if (this.mode !== 'closed') this.mode = 'resting';
    for (const cursor of [upTo, this.queue.at(-1)]) {
      if (cursor && !(this.leftOut && hasReached(this.leftOut, cursor))) this.leftOut = cursor;
    }
    for (const { position } of this.queue) this.pending.delete(position);
    this.queue = [];
  }

  /** The reader has nearly caught up: queue from now on. */
  hold(): void {
    if (this.mode === 'resting') this.mode = 'held';
  }

  /** The reader has come to `cursor`: publish again if nothing older is left out. */
  resume(cursor: Cursor): void {
    if (this.mode !== 'held' || (this.leftOut && !hasReached(cursor, this.leftOut))) return;
    this.mode = 'live';
    this.begin();
  }

  /** Ends for good; what is in flight still arrives. */
  close(): void {
    this.rest();
    this.mode = 'closed';
  }

  /** Resolves when nothing is in flight. */
  async settle(): Promise<void> {
    while (this.working) await this.working;
  }

  private begin(): void {
    if (this.mode === 'live' && this.queue.length > 0) this.working ??= this.work();
  }

  private async work(): Promise<void> {
    while (this.mode === 'live' && this.queue.length > 0) {
      const batch = this.queue.slice(0, MAX_BATCH);
      this.queue = this.queue.slice(MAX_BATCH);
      await this.publish(batch);
    }
    this.working = undefined;
  }

  private async publish(batch: readonly RecordedEvent[]): Promise<void> {
    const error = await this.mailing.send(batch, 'push');
    for (const { position } of batch) this.pending.delete(position);
    if (error) this.rest(batch.at(-1));
    if (error || this.mailing.acknowledged?.tailLost) this.onTrouble(error);
  }
}
