import type { JobSpec } from '@safelight/contracts';
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
  readonly sequence: bigint;
  readonly cause: string;
  readonly traceparent: string | null;
  readonly queuedAt: Date;
  readonly deadlineAt: Date;
  /** Workers that failed with it, the latest one last. */
  readonly failedOn: readonly string[];
  /** Not to be leased before; `null`: at any time. */
  readonly dueAt: Date | null;
}

const text = `
  select a.job_id as "jobId", a.account_id as "accountId", a.spec, a.attempt,
    a.attempts_max as "attemptsMax",
    a.worker_id as "workerId", a.incarnation, a.predicted_gpu_ms as "predictedGpuMs",
    queued.position as sequence, a.cause, a.traceparent, queued.recorded_at as "queuedAt",
    a.deadline_at as "deadlineAt", a.due_at as "dueAt", a.failed_on as "failedOn"
  from dispatch.open_assignments a
  join dispatch.events queued on queued.event_id = a.cause
  order by queued.position`;

/** Everything that has not ended, in the order of queueing. */
export async function readOpenAssignments(pool: pg.Pool): Promise<OpenAssignment[]> {
  const { rows } = await pool.query<OpenAssignment>(text);
  return rows;
}
