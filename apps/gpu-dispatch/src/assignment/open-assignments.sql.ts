import type { JobSpec } from '@safelight/contracts';
import type pg from 'pg';

/** A row of what is queued or leased, as a new leader finds it. */
export interface OpenAssignment {
  readonly jobId: string;
  readonly accountId: string;
  readonly spec: JobSpec;
  readonly attempt: number;
  readonly workerId: string | null;
  readonly incarnation: string | null;
  readonly predictedGpuMs: number;
  readonly sequence: bigint;
  readonly cause: string;
  readonly traceparent: string | null;
  readonly queuedAt: Date;
  readonly deadlineAt: Date;
}

const text = `
  select job_id as "jobId", account_id as "accountId", spec, attempt, worker_id as "workerId",
    incarnation, predicted_gpu_ms as "predictedGpuMs", sequence, cause, traceparent,
    queued_at as "queuedAt", deadline_at as "deadlineAt"
  from dispatch.assignments where state <> 'ended' order by sequence`;

/** Everything that has not ended, in the order of queueing. */
export async function readOpenAssignments(pool: pg.Pool): Promise<OpenAssignment[]> {
  const { rows } = await pool.query<OpenAssignment>(text);
  return rows;
}
