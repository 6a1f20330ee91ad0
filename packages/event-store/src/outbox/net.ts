import type pg from 'pg';
import type { Cursor } from '../reading/cursor.js';
import { hasReached } from '../reading/cursor.js';
import type { RelayMetrics } from '../hooks.js';
import { saveCheckpoint, type Checkpoint } from './checkpoint.js';
import type { Mailing } from './mailing.js';
import type { OutboxPublisher, OutboxStatus } from './outbox.js';
import type { Push } from './push.js';
import { readContent, readKeys } from './read-keys.js';
import { Settlement } from './settlement.js';

const KEYS_PER_READ = 2000;

export interface NetOptions {
  /** Holds the relay's lock; the checkpoint is saved on it. */
  readonly client: pg.PoolClient;
  readonly schema: string;
  readonly publisher: OutboxPublisher;
  readonly mailing: Mailing;
  readonly push: Push;
  readonly metrics: RelayMetrics;
}

/**
 * The cursor reader behind the push: passes every committed event of the schema, whoever wrote it,
 * publishes those that this process does not know as published, and moves the checkpoint.
 */
export class Net {
  private readonly settlement = new Settlement();
  private saved: Checkpoint;

  constructor(
    private readonly options: NetOptions,
    private checkpoint: Checkpoint,
  ) {
    this.saved = checkpoint;
    options.push.lastSequence = Math.max(options.push.lastSequence, checkpoint.lastSequence);
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
    const { push, publisher } = this.options;
    const acknowledged = push.lastSequence;
    const status = await publisher.status();
    if (this.hasLost(status, acknowledged)) this.rewind(status);
    this.settlement.mark(this.cursor, status.lastSequence);
    const settled = this.settlement.settle(status.settledSequence) ?? this.checkpoint.settled;
    this.checkpoint = { ...this.checkpoint, settled, streamCreated: status.streamCreated };
    try {
      await this.pass();
    } finally {
      await this.save(status.lastSequence);
    }
  }

  /** Whether JetStream forgot something that it had acknowledged. */
  private hasLost(status: OutboxStatus, acknowledged: number): boolean {
    const { streamCreated, lastSequence } = this.checkpoint;
    if (streamCreated === '') return false;
    return (
      status.streamCreated !== streamCreated ||
      status.lastSequence < Math.max(lastSequence, acknowledged) ||
      this.options.push.tailLost
    );
  }

  /** Back to where everybody had acknowledged everything; the push waits meanwhile. */
  private rewind(status: OutboxStatus): void {
    const { push, metrics } = this.options;
    metrics.rewound?.add(1);
    push.forget(this.cursor, status.lastSequence);
    this.settlement.clear();
    const { settled } = this.checkpoint;
    this.checkpoint = { ...this.checkpoint, cursor: settled, lastSequence: status.lastSequence };
  }

  /** Passes events until none is left that may be passed. */
  private async pass(): Promise<void> {
    const { client, schema, push } = this.options;
    for (;;) {
      const keys = await readKeys(client, schema, this.cursor, KEYS_PER_READ);
      const waiting = keys.findIndex(({ eventId }) => push.isPending(eventId));
      const ours = waiting === -1 ? keys : keys.slice(0, waiting);
      await this.publishUnknown(ours);
      this.moveTo(ours.at(-1));
      for (const { eventId } of ours) push.known.delete(eventId);
      if (keys.length < KEYS_PER_READ) push.hold();
      push.resume(this.cursor);
      if (keys.length < KEYS_PER_READ || waiting !== -1) return;
    }
  }

  private async publishUnknown(keys: Awaited<ReturnType<typeof readKeys>>): Promise<void> {
    const { client, schema, push, mailing } = this.options;
    const unknown = keys.filter(({ eventId }) => !push.known.has(eventId));
    if (unknown.length === 0) return;
    const events = await readContent(client, schema, unknown);
    const { done, sequences, error } = await mailing.send(events, 'net');
    push.lastSequence = Math.max(push.lastSequence, ...sequences);
    if (!error) return;
    // What did arrive need not be sent again by the next round.
    for (const id of done) push.known.add(id);
    throw error;
  }

  private moveTo(cursor: Cursor | undefined): void {
    if (!cursor || hasReached(this.cursor, cursor)) return;
    const { transactionId, position } = cursor;
    this.checkpoint = { ...this.checkpoint, cursor: { transactionId, position } };
  }

  private async save(seenSequence: number): Promise<void> {
    const lastSequence = Math.max(seenSequence, this.options.push.lastSequence);
    this.checkpoint = { ...this.checkpoint, lastSequence };
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
  a.lastSequence === b.lastSequence;
