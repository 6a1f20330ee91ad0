import { setTimeout as pause } from 'node:timers/promises';
import { inTransaction } from '@safelight/postgres';
import type pg from 'pg';
import { decideAll, type DecidedBatch, type Outcome } from './batch.js';
import type { Book } from './book.js';
import { faultOf, type Fault } from './fault.js';
import type { LedgerCommand } from './ledger.js';
import { readBook } from './read-book.sql.js';
import { recordBatch } from './record.sql.js';

/** An outcome, or the reason why nobody can say what the command's outcome is. */
export type Written = Outcome | { readonly status: 'failed'; readonly error: unknown };

export interface BatchWriterOptions {
  readonly pool: pg.Pool;
  /** The rules; replaced only by tests that plant a bug. */
  readonly decideBatch?: (commands: readonly LedgerCommand[], book: Book) => DecidedBatch;
  /** Told about every try that was given up, for counting. */
  readonly onFault?: (fault: Fault) => void;
}

const mostTries: Record<Fault, number> = { stale: 20, unreachable: 10, faulty: 1 };
/** After it was overtaken, a writer waits for its turn before it reads, for this long. */
const takeTurnsForMs = 1_000;
const longestPauseMs = 400;
/** Any two numbers that nothing else in this database locks. */
const turn = 'select pg_advisory_xact_lock(1113680716, 1)';

/**
 * Writes batches: read what they are about, decide, store; two round trips. Any number of processes
 * may do so at once: who comes second is refused by the database, reads again and decides again.
 * Because every command carries its permanent id, reading again is also how a lost answer to a
 * commit is looked up. A batch that cannot be stored is split, so that a faulty command fails alone.
 *
 * Two busy processes on one customer would starve each other (measured: one in a hundred commands
 * lost twenty races running). So whoever was overtaken takes an advisory lock for a while before
 * it reads: such writers queue fairly, and nobody pays for the lock while there is no contention.
 * The lock is courtesy only; what keeps the ledger right is the unique place of each entry.
 */
export class BatchWriter {
  private readonly pool: pg.Pool;
  private readonly decideBatch: NonNullable<BatchWriterOptions['decideBatch']>;
  private readonly onFault: (fault: Fault) => void;
  private takeTurnsUntilMs = 0;

  constructor({ pool, decideBatch = decideAll, onFault = () => undefined }: BatchWriterOptions) {
    this.pool = pool;
    this.decideBatch = decideBatch;
    this.onFault = onFault;
  }

  /** @returns one outcome per command, in order; never rejects. */
  async write(commands: readonly LedgerCommand[]): Promise<Written[]> {
    const last = await this.tryRepeatedly(commands);
    if ('written' in last) return last.written;
    if (commands.length === 1 || last.fault === 'unreachable') {
      return commands.map(() => ({ status: 'failed', error: last.error }));
    }
    const written: Written[] = [];
    for (const command of commands) written.push(...(await this.write([command])));
    return written;
  }

  private async tryRepeatedly(
    commands: readonly LedgerCommand[],
  ): Promise<{ written: Written[] } | { fault: Fault; error: unknown }> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return { written: await this.tryOnce(commands) };
      } catch (error) {
        const fault = faultOf(error);
        this.onFault(fault);
        if (attempt >= mostTries[fault]) return { fault, error };
        if (fault === 'stale') this.takeTurnsUntilMs = performance.now() + takeTurnsForMs;
        else await pause(jitter(attempt));
      }
    }
  }

  private tryOnce(commands: readonly LedgerCommand[]): Promise<Written[]> {
    if (performance.now() > this.takeTurnsUntilMs) return this.writeOn(this.pool, commands);
    return inTransaction(this.pool, async (client) => {
      await client.query(turn);
      return this.writeOn(client, commands);
    });
  }

  private async writeOn(
    connection: pg.Pool | pg.PoolClient,
    commands: readonly LedgerCommand[],
  ): Promise<Written[]> {
    const book = await readBook(connection, commands);
    const batch = this.decideBatch(commands, book);
    await recordBatch(connection, batch);
    return [...batch.outcomes];
  }
}

/** Between zero and a bound that doubles with each attempt, so that processes fall out of step. */
const jitter = (attempt: number): number =>
  Math.random() * Math.min(longestPauseMs, 25 * 2 ** attempt);
