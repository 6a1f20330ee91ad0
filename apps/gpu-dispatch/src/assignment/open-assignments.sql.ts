import type { JobSpec } from '@safelight/contracts';
import { inTransaction } from '@safelight/postgres';
import type pg from 'pg';

/** A row of what is queued or leased, as a new leader finds it. */
export interface OpenAssignment {
  readonly jobId: string;
  readonly accountId: string;
  readonly spec: JobSpec;
  readonly attempt: number;
  readonly attemptsMax: number;
  readonly workerId: string | null;
  readonly incarnation: string | null;
  readonly predictedGpuMs: number;
  /** Rises in the order of queueing; never above the position of the event that queued it. */
  readonly sequence: bigint | number;
  readonly cause: string;
  readonly traceparent: string | null;
  /** Wall clock, epoch ms. */
  readonly queuedAtMs: number;
  readonly deadlineAtMs: number;
  /** Workers that failed with it, the latest one last. */
  readonly failedOn: readonly string[];
  /** Not to be leased before; `null`: at any time. */
  readonly dueAt: Date | null;
}

/**
 * Times as numbers, and nothing where mostly nothing is: making dates and lists of 100,000 rows took a
 * third of the time of reading them. In no order, because sorting whole rows is more than the server
 * does in memory, and they lie nearly in order.
 */
const declare = `
  declare open_jobs no scroll cursor for
  select job_id, account_id, spec, attempt, attempts_max, worker_id, incarnation, predicted_gpu_ms,
    place::float8, cause::text, traceparent,
    extract(epoch from queued_at)::float8 * 1000, extract(epoch from deadline_at)::float8 * 1000,
    due_at, nullif(failed_on, '{}')
  from dispatch.open_assignments`;

const PAGE = 5_000;
const page = { text: `fetch ${PAGE} from open_jobs`, rowMode: 'array' as const };

/** The columns of a row, in order. */
type Row = readonly [
  jobId: string,
  accountId: string,
  spec: JobSpec,
  attempt: number,
  attemptsMax: number,
  workerId: string | null,
  incarnation: string | null,
  predictedGpuMs: number,
  sequence: number,
  cause: string,
  traceparent: string | null,
  queuedAtMs: number,
  deadlineAtMs: number,
  dueAt: Date | null,
  failedOn: readonly string[] | null,
];

/** Hands over everything that has not ended, in pages and in no order. */
export async function readOpenAssignments(
  pool: pg.Pool,
  take: (page: readonly OpenAssignment[]) => void,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    // The pool's plans go by keys; this one reads the table.
    await client.query('set local enable_seqscan = on');
    await client.query(declare);
    const read = () => client.query<Row & unknown[]>(page);
    let next = read();
    for (let { rows } = await next; rows.length > 0; { rows } = await next) {
      // The server looks the next ones up while we take these in.
      next = read();
      // Should taking fail, nobody waits for them.
      next.catch(() => undefined);
      take(rows.map(assignmentOf));
    }
  });
}

const NOBODY: readonly string[] = [];

const assignmentOf = (row: Row): OpenAssignment => ({
  jobId: row[0],
  accountId: row[1],
  spec: row[2],
  attempt: row[3],
  attemptsMax: row[4],
  workerId: row[5],
  incarnation: row[6],
  predictedGpuMs: row[7],
  sequence: row[8],
  cause: row[9],
  traceparent: row[10],
  queuedAtMs: row[11],
  deadlineAtMs: row[12],
  dueAt: row[13],
  failedOn: row[14] ?? NOBODY,
});
