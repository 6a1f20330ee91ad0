import type pg from 'pg';
import type { Cursor } from '../reading/cursor.js';
import { hasReached } from '../reading/cursor.js';
import type { RelayMetrics } from '../hooks.js';
import { Acknowledged, noAnchor, type Anchor } from './acknowledged.js';
import { saveCheckpoint, type Checkpoint } from './checkpoint.js';
import type { Mailing } from './mailing.js';
import type { OutboxPublisher, OutboxStatus } from './outbox.js';
import type { Push } from './push.js';
import { countEvents, readContent, readKeys } from './read-keys.js';
import { Settlement } from './settlement.js';

const KEYS_PER_READ = 2000;

export interface NetOptions {
  /** Holds the relay's lock; the checkpoint is saved on it. */
  readonly client: pg.PoolClient;
  readonly schema: string;
  readonly publisher: OutboxPublisher;
  readonly mailing: Mailing;
  readonly push: Push;
  /** Resolves when all that this process has committed so far was handed to the push. */
  readonly written: () => Promise<void>;
  readonly metrics: RelayMetrics;
}

/**
 * The cursor reader behind the push: passes every committed event of the schema, whoever wrote it,
 * publishes those that this process does not know as published, and moves the checkpoint.
 *
 * Whatever the cursor passes was acknowledged to this process, or to a reader before it, and none of
 * it has a higher sequence than the checkpoint's anchor. So a loss that matters takes the anchor
 * too, and each round looks whether that is still in its place; what another process noticed or
 * published does not count.
 */
export class Net {
  private readonly settlement = new Settlement();
  private saved: Checkpoint;
  private acknowledged: Acknowledged;

  constructor(
    private readonly options: NetOptions,
    private checkpoint: Checkpoint,
  ) {
    this.saved = checkpoint;
    this.acknowledged = this.noteFrom(checkpoint.anchor);
  }

  get cursor(): Cursor {
    return this.checkpoint.cursor;
  }

  /**
   * One round: compare the JetStream stream with what we remember of it, pass what can be passed,
   * save.
   *
   * @throws when the database or the bus fails; what was published stays published
   */
  async round(): Promise<void> {
    const status = await this.compare();
    this.settlement.mark(this.cursor, status.lastSequence);
    const settled = this.settlement.settle(status.settledSequence) ?? this.checkpoint.settled;
    this.checkpoint = { ...this.checkpoint, settled, streamCreated: status.streamCreated };
    try {
      await this.passKnown();
      await this.pass();
    } finally {
      await this.save();
    }
  }

  /** Ends the noting of acknowledgements: from here on another process may be the reader. */
  close(): void {
    this.options.mailing.acknowledged = undefined;
  }

  private noteFrom(anchor: Anchor): Acknowledged {
    return (this.options.mailing.acknowledged = new Acknowledged(anchor));
  }

  /** How JetStream is now; after a loss, back to where everybody had acknowledged everything. */
  private async compare(): Promise<OutboxStatus> {
    const { push, publisher, metrics } = this.options;
    // Taken before the question: what is acknowledged later, the answer cannot know.
    const anchors = new Set([this.checkpoint.anchor, this.acknowledged.anchor]);
    const status = await publisher.status();
    if (!(await this.hasLost(status, anchors))) return status;
    metrics.rewound?.add(1);
    // The push waits until the reader is here again.
    push.rest(this.cursor);
    this.acknowledged = this.noteFrom(noAnchor);
    this.settlement.clear();
    this.checkpoint = {
      ...this.checkpoint,
      cursor: this.checkpoint.settled,
      anchor: noAnchor,
    };
    return status;
  }

  /** Whether JetStream forgot something that it had acknowledged. */
  private async hasLost(status: OutboxStatus, anchors: ReadonlySet<Anchor>): Promise<boolean> {
    const { streamCreated } = this.checkpoint;
    if (streamCreated !== '' && status.streamCreated !== streamCreated) return true;
    if (this.acknowledged.tailLost) return true;
    for (const { sequence, id } of anchors) {
      if (sequence === 0) continue;
      if (status.lastSequence < sequence) return true;
      const found = await this.options.publisher.idAt(sequence);
      // A message that is not there has grown old: what was lost is replaced by what came later.
      if (found !== undefined && found !== id) return true;
    }
    return false;
  }

  /** Passes what this process has published, without reading it, if nobody else wrote in between. */
  private async passKnown(): Promise<void> {
    const { client, schema, push } = this.options;
    const { events } = this.acknowledged;
    const upTo = events.newestBefore(push.oldestPending);
    if (!upTo) return;
    const { count, horizon } = await countEvents(client, schema, this.cursor, upTo);
    // Each known event is one of the counted: as many means the same.
    const known = events.within(this.cursor, upTo, horizon);
    if (known.count === count) this.moveTo(known.last);
  }

  /** Passes events until none is left that may be passed. */
  private async pass(): Promise<void> {
    const { client, schema, push, written } = this.options;
    for (;;) {
      const keys = await readKeys(client, schema, this.cursor, KEYS_PER_READ);
      // May be our own: committed, and the answer to that still on its way to us.
      if (keys.some((key) => this.isUnknown(key) && !push.isPending(key.position))) await written();
      const waiting = keys.findIndex(({ position }) => push.isPending(position));
      const ours = waiting === -1 ? keys : keys.slice(0, waiting);
      await this.publishUnknown(ours);
      this.moveTo(ours.at(-1));
      if (keys.length < KEYS_PER_READ) push.hold();
      push.resume(this.cursor);
      if (keys.length < KEYS_PER_READ || waiting !== -1) return;
    }
  }

  private isUnknown({ position }: Cursor): boolean {
    return !this.acknowledged.events.has(position);
  }

  private async publishUnknown(keys: readonly Cursor[]): Promise<void> {
    const { client, schema, mailing } = this.options;
    const unknown = keys.filter((key) => this.isUnknown(key));
    if (unknown.length === 0) return;
    const error = await mailing.send(await readContent(client, schema, unknown), 'net');
    // What did arrive is known now: the next round need not send it again.
    if (error) throw error;
  }

  private moveTo(cursor: Cursor | undefined): void {
    if (!cursor || hasReached(this.cursor, cursor)) return;
    const { transactionId, position } = cursor;
    this.checkpoint = { ...this.checkpoint, cursor: { transactionId, position } };
    this.acknowledged.events.dropUpTo(this.cursor);
  }

  private async save(): Promise<void> {
    this.checkpoint = { ...this.checkpoint, anchor: this.acknowledged.anchor };
    if (sameCheckpoint(this.checkpoint, this.saved)) return;
    await saveCheckpoint(this.options.client, this.options.schema, this.checkpoint);
    this.saved = this.checkpoint;
  }
}

const sameCheckpoint = (a: Checkpoint, b: Checkpoint): boolean =>
  a.cursor.position === b.cursor.position &&
  a.cursor.transactionId === b.cursor.transactionId &&
  a.settled.position === b.settled.position &&
  a.streamCreated === b.streamCreated &&
  a.anchor.sequence === b.anchor.sequence;
