import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedEvent } from '@safelight/event-sourcing';
import { codeOf, isTransient, isUnreachable, transact, type Statement } from '@safelight/postgres';
import type pg from 'pg';
import { StoreUnavailable } from '../faults.js';
import type { StoreMetrics } from '../hooks.js';
import { insertedRows, insertEvents, type Placed } from './append.js';
import { place, recordedOf, stagedOf, withoutTwins } from './batch.js';
import { findRefused } from './find-recorded.js';
import { insertInbox } from './inbox.js';
import type { InlineProjection } from './projection.js';
import type { AppendOutcome, PreparedUnit } from './unit.js';

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

const TRANSIENT_TRIES = 8;
const LONGEST_PAUSE_MS = 400;

/** A unique value that is taken; a version that is not there. */
const REFUSAL_STATES = new Set(['23505', '23502']);

/**
 * Writes batches of units, each batch in one database transaction and one round trip, each unit with
 * its own answer. Any number of processes may do so at once: versions, command ids and inbox entries
 * are unique, so the batch of whoever comes second fails whole; then the units to blame are looked
 * up and answered, and the others go again. That is also how the outcome of an unanswered commit is
 * found: the batch runs again, and units that had been committed are refused by their own command id.
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
          : isWorthATry(error) && tries < TRANSIENT_TRIES;
        if (!again) return this.giveUp(open, error, { outcomes, deadline });
        await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** tries * 5));
      }
    }
  }

  /**
   * @returns the units that are still open
   * @throws what the database answered when none of the units is to blame
   */
  private async round(open: readonly PreparedUnit[], outcomes: Outcomes): Promise<PreparedUnit[]> {
    const placed = place(open);
    try {
      const committed = await this.attempt(placed);
      for (const [unit, events] of committed) outcomes.set(unit, { status: 'appended', events });
      this.announce([...committed.values()].flat());
      return [];
    } catch (error) {
      if (!REFUSAL_STATES.has(codeOf(error) ?? '')) throw error;
      const refused = await findRefused(this.options.pool, this.options.schema, placed);
      if (refused.size === 0) throw error;
      for (const [unit, outcome] of refused) outcomes.set(unit, outcome);
      this.announce(
        [...refused.values()].flatMap((o) => (o.status === 'appended' ? o.events : [])),
      );
      return open.filter((unit) => !refused.has(unit));
    }
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

  /** Commits all of it or nothing. */
  private async attempt(placed: readonly Placed[]): Promise<Map<PreparedUnit, RecordedEvent[]>> {
    const { pool, schema, projections, metrics } = this.options;
    const started = performance.now();
    const staged = stagedOf(placed);
    const entries = placed.flatMap(({ unit }) => unit.inbox ?? []);
    const statements: Statement[] = [];
    if (staged.length > 0) {
      statements.push(insertEvents(schema, placed));
      for (const projection of projections) statements.push(...projection.statements(staged));
    }
    if (entries.length > 0) statements.push(insertInbox(schema, entries));
    const [rows = []] = await transact(pool, statements);
    metrics.batch?.record(placed.length);
    metrics.commit?.record(performance.now() - started);
    return recordedOf(placed, staged, staged.length > 0 ? insertedRows(rows) : []);
  }

  private announce(events: readonly RecordedEvent[]): void {
    if (events.length > 0) this.options.onCommitted(events);
  }
}

/** A refusal for which nobody is to blame was a race with a writer that is done, or a projection's. */
const isWorthATry = (error: unknown): boolean =>
  isTransient(error) || REFUSAL_STATES.has(codeOf(error) ?? '');

const failed = (error: unknown): Written => ({ status: 'failed', error });
