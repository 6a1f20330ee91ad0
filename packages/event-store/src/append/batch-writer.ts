import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedEvent } from '@safelight/event-sourcing';
import { commit, isTransient, isUnreachable, rollback, survive } from '@safelight/postgres';
import type pg from 'pg';
import { StoreUnavailable } from '../faults.js';
import type { StoreMetrics } from '../hooks.js';
import { insertEvents } from './append.js';
import { place, recordedOf, refusedOf, withoutTwins, type Placed } from './batch.js';
import { classify } from './find-recorded.js';
import { insertInbox } from './inbox.js';
import type { AppendOutcome, PreparedUnit } from './unit.js';

/**
 * A read model kept in the append's own database transaction: `apply` runs once per batch, set-based,
 * with the batch's events in position order. It must go by key: sequential scans are off here, so
 * that no plan cached while a table was small survives its growth.
 */
export interface InlineProjection {
  readonly name: string;
  apply(client: pg.PoolClient, events: readonly RecordedEvent[]): Promise<void>;
}

/** An outcome, or why nobody can say what it is. */
export type Written = AppendOutcome | { readonly status: 'failed'; readonly error: unknown };

export interface BatchWriterOptions {
  readonly pool: pg.Pool;
  readonly schema: string;
  readonly projections: readonly InlineProjection[];
  readonly metrics: StoreMetrics;
  readonly onCommitted: (events: readonly RecordedEvent[]) => void;
  /** How long an unreachable database is tried again before units are rejected. */
  readonly patienceMs: number;
}

type Outcomes = Map<PreparedUnit, Written>;

/** Either the whole batch was committed, or nothing was, because of the units in `refused`. */
type Attempt =
  | { readonly committed: ReadonlyMap<PreparedUnit, RecordedEvent[]> }
  | { readonly refused: ReadonlySet<PreparedUnit> };

const TRANSIENT_TRIES = 8;
const LONGEST_PAUSE_MS = 400;

/**
 * Writes batches of units, each batch in one database transaction, each unit with its own answer.
 * Any number of processes may do so at once: versions, command ids and inbox entries are unique, so
 * whoever comes second finds its unit missing from what was inserted. That is also how the outcome
 * of an unanswered COMMIT is found: the batch runs again, and units that had been committed are
 * refused by their own command id.
 */
export class BatchWriter {
  constructor(private readonly options: BatchWriterOptions) {}

  /** @returns one outcome per unit, in order; never rejects */
  async write(units: readonly PreparedUnit[]): Promise<Written[]> {
    const outcomes: Outcomes = new Map();
    const deadline = performance.now() + this.options.patienceMs;
    let open = units;
    while (open.length > 0) {
      const { first, twins } = withoutTwins(open);
      await this.settle(first, outcomes, deadline);
      open = twins;
    }
    return units.map((unit) => outcomes.get(unit) ?? failed(new Error('a unit has no outcome')));
  }

  /** Gives every unit an outcome. Each round settles at least one unit or uses up a try. */
  private async settle(
    units: readonly PreparedUnit[],
    outcomes: Outcomes,
    deadline: number,
  ): Promise<void> {
    let open = units;
    let tries = 0;
    while (open.length > 0) {
      try {
        open = await this.round(open, outcomes);
      } catch (error) {
        tries += 1;
        this.options.metrics.retried?.add(1);
        const again = isUnreachable(error)
          ? performance.now() < deadline
          : isTransient(error) && tries < TRANSIENT_TRIES;
        if (!again) return this.giveUp(open, error, { outcomes, deadline });
        await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** tries * 5));
      }
    }
  }

  /** @returns the units that are still open */
  private async round(open: readonly PreparedUnit[], outcomes: Outcomes): Promise<PreparedUnit[]> {
    const attempt = await this.attempt(open);
    if ('committed' in attempt) {
      for (const [unit, events] of attempt.committed) {
        outcomes.set(unit, { status: 'appended', events });
      }
      this.announce([...attempt.committed.values()].flat());
      return [];
    }
    const { pool, schema } = this.options;
    const found = await classify(pool, schema, [...attempt.refused]);
    for (const [unit, outcome] of found) outcomes.set(unit, outcome);
    this.announce([...found.values()].flatMap((o) => (o.status === 'appended' ? o.events : [])));
    return open.filter((unit) => !attempt.refused.has(unit));
  }

  /** A unit that PostgreSQL or a projection cannot stomach must fail alone: halve until found. */
  private async giveUp(
    open: readonly PreparedUnit[],
    error: unknown,
    { outcomes, deadline }: { outcomes: Outcomes; deadline: number },
  ): Promise<void> {
    if (isUnreachable(error) || open.length === 1) {
      const reason = isUnreachable(error) ? new StoreUnavailable(error) : error;
      for (const unit of open) outcomes.set(unit, failed(reason));
      return;
    }
    const middle = Math.ceil(open.length / 2);
    await this.settle(open.slice(0, middle), outcomes, deadline);
    await this.settle(open.slice(middle), outcomes, deadline);
  }

  private async attempt(units: readonly PreparedUnit[]): Promise<Attempt> {
    const started = performance.now();
    const placed = place(units);
    const client = await this.options.pool.connect();
    const guard = survive(client);
    try {
      const attempt = await this.insert(client, placed);
      if ('refused' in attempt) {
        await rollback(client);
        return attempt;
      }
      await this.project(client, [...attempt.committed.values()].flat());
      await commit(client);
      client.release();
      this.options.metrics.batch?.record(units.length);
      this.options.metrics.commit?.record(performance.now() - started);
      return attempt;
    } catch (error) {
      await rollback(client);
      throw error;
    } finally {
      guard();
    }
  }

  /** One round trip: three statements sent together. */
  private async insert(client: pg.PoolClient, placed: readonly Placed[]): Promise<Attempt> {
    const { schema } = this.options;
    const entries = placed.flatMap(({ unit }) => unit.inbox ?? []);
    const [, fresh, rows] = await Promise.all([
      client.query('BEGIN; SET LOCAL enable_seqscan = off'),
      insertInbox(client, schema, entries),
      insertEvents(client, schema, placed),
    ]);
    const refused = refusedOf(placed, rows, fresh);
    return refused.size > 0 ? { refused } : { committed: recordedOf(placed, rows) };
  }

  private async project(client: pg.PoolClient, events: readonly RecordedEvent[]): Promise<void> {
    if (events.length === 0) return;
    for (const projection of this.options.projections) await projection.apply(client, events);
  }

  private announce(events: readonly RecordedEvent[]): void {
    if (events.length > 0) this.options.onCommitted(events);
  }
}

const failed = (error: unknown): Written => ({ status: 'failed', error });
