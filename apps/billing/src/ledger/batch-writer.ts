import { setTimeout as pause } from 'node:timers/promises';
import { inTransaction, transact, type Rows, type Statement } from '@safelight/postgres';
import type pg from 'pg';
import { decideAll, type DecidedBatch, type Outcome } from './batch.js';
import type { Book } from './book.js';
import { faultOf, type Fault } from './fault.js';
import type { LedgerCommand } from './ledger.js';
import { LedgerMemory } from './memory.js';
import { bookFrom, readStatement } from './read-book.sql.js';
import { recordStatement } from './record.sql.js';

/** An outcome, or the reason why nobody can say what the command's outcome is. */
export type Written = Outcome | { readonly status: 'failed'; readonly error: unknown };

export interface BatchWriterOptions {
  readonly pool: pg.Pool;
  /** The rules; replaced only by tests that plant a bug. */
  readonly decideBatch?: (commands: readonly LedgerCommand[], book: Book) => DecidedBatch;
  /** Whether a batch that was decided from memory may stand; replaced only by tests likewise. */
  readonly standsFromMemory?: (batch: DecidedBatch) => boolean;
  /** Told about every try that was given up, for counting. */
  readonly onFault?: (fault: Fault) => void;
}

/** Runs one statement: on whichever connection of the pool, or on one that holds a lock. */
type Run = (statement: Statement) => Promise<Rows>;
type Failed = { readonly fault: Fault; readonly error: unknown };

const mostTries = { stale: 20, unreachable: 10, faulty: 1 } as const;
/** After it was overtaken, a writer waits for its turn before it reads, for this long. */
const takeTurnsForMs = 1_000;
const longestPauseMs = 400;
/** Any two numbers that nothing else in this database locks. */
const turn = 'select pg_advisory_xact_lock(1113680716, 1)';

/**
 * Writes batches. Most take one round trip: decided from what this process itself last committed,
 * and stored by a statement that fails if that is no longer so. Else a batch takes two: read what it
 * is about, decide, store. Any number of processes may do so at once: who comes second is refused by
 * the database, reads again and decides again. Because every command carries its permanent id,
 * reading again is also how a lost answer to a commit is looked up. A batch that cannot be stored is
 * split, so that a faulty command fails alone.
 *
 * Two busy processes on one customer would starve each other (measured: one in a hundred commands
 * lost twenty races running). So whoever was overtaken takes an advisory lock for a while before
 * it reads: such writers queue fairly, and nobody pays for the lock while there is no contention.
 * The lock is courtesy only; what keeps the ledger right is the unique place of each transaction.
 */
export class BatchWriter {
  private readonly pool: pg.Pool;
  private readonly decideBatch: NonNullable<BatchWriterOptions['decideBatch']>;
  private readonly standsFromMemory: NonNullable<BatchWriterOptions['standsFromMemory']>;
  private readonly onFault: (fault: Fault) => void;
  private readonly memory = new LedgerMemory();
  private takeTurnsUntilMs = 0;

  constructor(options: BatchWriterOptions) {
    this.pool = options.pool;
    this.decideBatch = options.decideBatch ?? decideAll;
    this.standsFromMemory = options.standsFromMemory ?? onlyAccepts;
    this.onFault = options.onFault ?? (() => undefined);
  }

  /** @returns one outcome per command, in order; never rejects. */
  async write(commands: readonly LedgerCommand[]): Promise<Written[]> {
    const remembered = await this.tryFromMemory(commands);
    if (remembered) return remembered;
    const last = await this.tryRepeatedly(commands);
    if ('written' in last) return last.written;
    if (commands.length === 1 || last.fault === 'unreachable') {
      return commands.map(() => ({ status: 'failed', error: last.error }));
    }
    const written: Written[] = [];
    for (const command of commands) written.push(...(await this.write([command])));
    return written;
  }

  /** @returns `undefined` when the batch must be decided from what the database says. */
  private async tryFromMemory(commands: readonly LedgerCommand[]): Promise<Written[] | undefined> {
    if (this.isTakingTurns()) return undefined;
    const book = this.memory.bookFor(commands);
    if (!book) return undefined;
    try {
      const batch = this.decideBatch(commands, book);
      if (!this.standsFromMemory(batch)) return undefined;
      await store(this.onPool, batch);
      this.memory.learn(batch.placed);
      this.memory.wasRight();
      return [...batch.outcomes];
    } catch (error) {
      const fault = faultOf(error);
      if (fault === 'stale') this.memory.wasOutdated();
      else this.memory.forget();
      this.onFault(fault === 'stale' ? 'outdated' : fault);
      return undefined;
    }
  }

  private async tryRepeatedly(
    commands: readonly LedgerCommand[],
  ): Promise<{ written: Written[] } | Failed> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { placed, outcomes } = await this.tryOnce(commands);
        this.memory.learn(placed);
        return { written: [...outcomes] };
      } catch (error) {
        const fault = faultOf(error);
        this.memory.forget();
        this.onFault(fault);
        if (attempt >= mostTries[fault]) return { fault, error };
        if (fault === 'stale') this.takeTurnsUntilMs = performance.now() + takeTurnsForMs;
        else await pause(jitter(attempt));
      }
    }
  }

  private tryOnce(commands: readonly LedgerCommand[]): Promise<DecidedBatch> {
    if (!this.isTakingTurns()) return this.readAndWrite(this.onPool, commands);
    return inTransaction(this.pool, async (client) => {
      await client.query(turn);
      return this.readAndWrite(onClient(client), commands);
    });
  }

  private async readAndWrite(run: Run, commands: readonly LedgerCommand[]): Promise<DecidedBatch> {
    const book = bookFrom(await run(readStatement(commands)));
    this.memory.hear(book.nowMs);
    const batch = this.decideBatch(commands, book);
    await store(run, batch);
    return batch;
  }

  private isTakingTurns(): boolean {
    return performance.now() < this.takeTurnsUntilMs;
  }

  private readonly onPool: Run = async (statement) => {
    const [rows = []] = await transact(this.pool, [statement]);
    return rows;
  };
}

async function store(run: Run, { placed, nowMs }: DecidedBatch): Promise<void> {
  if (placed.length > 0) await run(recordStatement(placed, nowMs));
}

const onClient =
  (client: pg.PoolClient): Run =>
  async (statement) => {
    const { name, text, values } = statement;
    const { rows } = await client.query<unknown[]>({
      ...{ name, text, values: [...values] },
      rowMode: 'array',
    });
    return rows;
  };

/**
 * What a refusal or a repetition is answered with is not verified by storing anything, so it is
 * never told from memory.
 */
const onlyAccepts = ({ outcomes }: DecidedBatch): boolean =>
  outcomes.every(({ status }) => status === 'accepted');

/** Between zero and a bound that doubles with each attempt, so that processes fall out of step. */
const jitter = (attempt: number): number =>
  Math.random() * Math.min(longestPauseMs, 25 * 2 ** attempt);
