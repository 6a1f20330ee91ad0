import type { RecordedEvent } from '@safelight/event-sourcing';
import { GroupCommit } from '@safelight/postgres';
import type pg from 'pg';
import { BatchWriter, type Written } from './append/batch-writer.js';
import type { InlineProjection } from './append/projection.js';
import { prepare, type AppendOutcome, type AppendUnit, type PreparedUnit } from './append/unit.js';
import { storeMetrics, type StoreTelemetry } from './hooks.js';
import { refuseYoungerCluster } from './reading/cluster-guard.js';
import { readStream, readStreams } from './reading/read-stream.js';

export interface EventStoreOptions {
  readonly pool: pg.Pool;
  readonly schema: string;
  readonly projections?: readonly InlineProjection[];
  readonly telemetry?: StoreTelemetry;
  /** Schema version by event type; 1 where absent. */
  readonly schemaVersions?: Readonly<Record<string, number>>;
  /** How long appends try an unreachable database before they reject; 10 s by default. */
  readonly patienceMs?: number;
}

type CommitListener = (events: readonly RecordedEvent[]) => void;

/** The events of one service. Appends that wait at the same moment share a database transaction. */
export class EventStore {
  readonly schema: string;
  private readonly pool: pg.Pool;
  private readonly group: GroupCommit<PreparedUnit, Written>;
  private readonly listeners: CommitListener[] = [];
  private writing: Promise<readonly Written[]> | undefined;
  private guarded: Promise<void> | undefined;

  constructor(private readonly options: EventStoreOptions) {
    this.pool = options.pool;
    this.schema = options.schema;
    const writer = new BatchWriter({
      pool: options.pool,
      schema: options.schema,
      projections: options.projections ?? [],
      metrics: storeMetrics(options.telemetry ?? {}),
      onCommitted: (events) => this.announce(events),
      patienceMs: options.patienceMs ?? 10_000,
    });
    this.group = new GroupCommit({
      run: (units) => (this.writing = writer.write(units)),
    });
  }

  /**
   * Appends one unit, whole, and resolves after the commit.
   *
   * @throws Unstorable when the unit's content cannot be kept
   * @throws StoreUnavailable when the database stayed away; asking again with the same command id
   *   is safe
   * @throws the database's or a projection's error that this unit caused
   */
  async append(unit: AppendUnit): Promise<AppendOutcome> {
    const written = await this.group.submit(prepare(unit, this.options.schemaVersions));
    if (written.status === 'failed') throw written.error;
    return written;
  }

  /** The events of a stream above `afterVersion`, in order; `[]` when there are none. */
  read(streamId: string, afterVersion = 0): Promise<RecordedEvent[]> {
    return readStream(this.pool, this.schema, streamId, afterVersion);
  }

  /** The events of several streams; every id asked for is in the answer. */
  readMany(streamIds: readonly string[]): Promise<Map<string, RecordedEvent[]>> {
    return readStreams(this.pool, this.schema, streamIds);
  }

  /** `listener` hears of every commit of this process, at once, in the order of the commits. */
  onCommitted(listener: CommitListener): void {
    this.listeners.push(listener);
  }

  /** Resolves when the batch that is being written has its outcome and listeners have heard of it. */
  async written(): Promise<void> {
    await this.writing;
  }

  /** Resolves when every append has its outcome. */
  drain(): Promise<void> {
    return this.group.drain();
  }

  /**
   * To be awaited when a service starts.
   *
   * @throws RestoredIntoYoungerCluster when readers of this database would skip events
   */
  verify(): Promise<void> {
    this.guarded ??= refuseYoungerCluster(this.pool, this.schema).catch((error: unknown) => {
      this.guarded = undefined;
      throw error;
    });
    return this.guarded;
  }

  private announce(events: readonly RecordedEvent[]): void {
    for (const listener of this.listeners) {
      try {
        listener(events);
      } catch (error) {
        // The events are committed: a listener's trouble must not make the append look failed.
        this.options.telemetry?.logger?.error({ err: error }, 'a commit listener threw');
      }
    }
  }
}
