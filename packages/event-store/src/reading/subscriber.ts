import type { RecordedEvent } from '@safelight/event-sourcing';
import type pg from 'pg';
import { beginning, type Cursor } from './cursor.js';
import { readBatch } from './read-after.js';

export interface SubscriberOptions {
  readonly pool: pg.Pool;
  readonly schema: string;
  /** Where to go on; the beginning when absent. */
  readonly cursor?: Cursor;
  /** Most events of one batch; 500 by default. */
  readonly batchSize?: number;
}

/** Reads every committed event of a schema once, in (transaction, position) order. */
export class Subscriber {
  private at: Cursor;

  constructor(private readonly options: SubscriberOptions) {
    this.at = options.cursor ?? beginning;
  }

  /** Up to where `next` has read; keep it where the effects are kept, in the same commit. */
  get cursor(): Cursor {
    const { transactionId, position } = this.at;
    return { transactionId, position };
  }

  /**
   * The next events; `[]` when there are none yet.
   *
   * @throws CorruptEvent; the cursor then stays where it is
   */
  async next(): Promise<RecordedEvent[]> {
    const { pool, schema, batchSize = 500 } = this.options;
    const { events, cursor } = await readBatch(pool, schema, this.at, batchSize);
    this.at = cursor;
    return events;
  }
}
