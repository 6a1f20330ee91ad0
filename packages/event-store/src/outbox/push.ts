import type { RecordedEvent } from '@safelight/event-sourcing';
import { hasReached, type Cursor } from '../reading/cursor.js';
import { KnownEvents } from './known-events.js';
import type { Mailing } from './mailing.js';

const MAX_BATCH = 512;
/** More waiting events than this, and the cursor reader takes over: memory stays bounded. */
const MAX_QUEUE = 20_000;
const MAX_KNOWN = 100_000;

/**
 * `resting`: commits are left to the cursor reader. `held`: commits are queued until the reader has
 * passed those that were left out, so that one stream's events never overtake each other. `live`:
 * commits are published at once. `closed`: commits are left to whoever relays next.
 */
type Mode = 'resting' | 'held' | 'live' | 'closed';

/** The fast path: publishes what the writer has just committed, in the order of the commits. */
export class Push {
  /** Done events that the cursor reader has not passed yet. */
  readonly known = new KnownEvents(MAX_KNOWN);
  /** Highest sequence that JetStream acknowledged to this process. */
  lastSequence = 0;
  /** JetStream gave a sequence twice: it has lost its tail since. */
  tailLost = false;
  private mode: Mode = 'resting';
  private generation = 0;
  private queue: RecordedEvent[] = [];
  private readonly pending = new Set<string>();
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
      this.pending.add(event.eventId);
    }
    if (this.queue.length > MAX_QUEUE) {
      this.rest();
      this.onTrouble(undefined);
    } else this.begin();
  }

  /** Whether this path will publish the event itself. */
  isPending(eventId: string): boolean {
    return this.pending.has(eventId);
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
    for (const { eventId } of this.queue) this.pending.delete(eventId);
    this.queue = [];
  }

  /** JetStream lost data: what was acknowledged counts no more, nor does what is in flight. */
  forget(upTo: Cursor, lastSequence: number): void {
    this.rest(upTo);
    this.generation += 1;
    this.known.clear();
    this.lastSequence = lastSequence;
    this.tailLost = false;
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
    const { generation } = this;
    const { done, sequences, error } = await this.mailing.send(batch, 'push');
    for (const { eventId } of batch) this.pending.delete(eventId);
    if (generation === this.generation) {
      for (const id of done) this.known.add(id);
      for (const sequence of sequences) this.note(sequence);
    }
    if (error) this.rest(batch.at(-1));
    if (error || this.tailLost) this.onTrouble(error);
  }

  private note(sequence: number): void {
    if (sequence <= this.lastSequence) this.tailLost = true;
    this.lastSequence = Math.max(this.lastSequence, sequence);
  }
}
