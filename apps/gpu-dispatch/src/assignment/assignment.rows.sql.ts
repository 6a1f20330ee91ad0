import type { StagedEvent } from '@safelight/event-store';
import type { Statement } from '@safelight/postgres';
import type { AssignmentEvent } from './assignment.js';

type Queued = Omit<StagedEvent, 'event'> & {
  readonly event: Extract<AssignmentEvent, { type: 'AssignmentQueued' }>;
};

/** A row of `dispatch.open_assignments`, as events leave it. */
export interface OpenRow {
  readonly jobId: string;
  /** The event that queued the job, where the row is new. */
  readonly queued: Queued | undefined;
  readonly attempt: number;
  /** Who runs it; `undefined` while it waits. */
  readonly lease: { readonly workerId: string; readonly incarnation: string } | undefined;
  /** Not to be leased before. */
  readonly dueAt: string | null;
  /** The worker that failed with it in this batch: a job is leased anew only after the commit. */
  readonly failedOn: string | null;
}

const open = `
  insert into dispatch.open_assignments (job_id, attempt, worker_id, incarnation, due_at, failed_on,
    account_id, spec, predicted_gpu_ms, attempts_max, deadline_at, cause, traceparent)
  select j.job_id, j.attempt, j.worker_id, j.incarnation, j.due_at,
    array_remove(array[j.failed_on], null),
    j.account_id, j.spec, j.predicted_gpu_ms, j.attempts_max, j.deadline_at, j.cause,
    j.traceparent
  from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::text[],
    $7::text[], $8::json[], $9::int[], $10::int[], $11::timestamptz[], $12::uuid[], $13::text[])
    as j (job_id, attempt, worker_id, incarnation, due_at, failed_on,
      account_id, spec, predicted_gpu_ms, attempts_max, deadline_at, cause, traceparent)`;

/** Jobs that were queued; they may hold a lease already. */
export function openAssignments(rows: readonly OpenRow[]): Statement {
  const queued = rows.flatMap((row) => row.queued ?? []);
  return {
    name: 'dispatch_open_assignments',
    text: open,
    values: [
      ...leaseValues(rows),
      queued.map(({ event }) => event.accountId),
      queued.map(({ event }) => JSON.stringify(event.spec)),
      queued.map(({ event }) => event.predictedGpuMs),
      queued.map(({ event }) => event.attemptsMax),
      queued.map(({ event }) => event.deadlineAt),
      queued.map(({ eventId }) => eventId),
      queued.map(({ context }) => context.traceparent ?? null),
    ],
  };
}

const change = `
  update dispatch.open_assignments a
  set attempt = c.attempt, worker_id = c.worker_id, incarnation = c.incarnation,
    due_at = c.due_at,
    failed_on = case when c.failed_on is null then a.failed_on
      else array_append(array_remove(a.failed_on, c.failed_on), c.failed_on) end
  from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::text[])
    as c (job_id, attempt, worker_id, incarnation, due_at, failed_on)
  where a.job_id = c.job_id`;

/** Jobs that were leased, or that wait again. */
export const changeAssignments = (rows: readonly OpenRow[]): Statement => ({
  name: 'dispatch_change_assignments',
  text: change,
  values: leaseValues(rows),
});

/** Jobs that have ended: nobody has to look for them any more. Their events stay. */
export const closeAssignments = (jobIds: readonly string[]): Statement => ({
  name: 'dispatch_close_assignments',
  text: 'delete from dispatch.open_assignments where job_id = any($1::text[])',
  values: [jobIds],
});

const leaseValues = (rows: readonly OpenRow[]): unknown[][] => [
  rows.map(({ jobId }) => jobId),
  rows.map(({ attempt }) => attempt),
  rows.map(({ lease }) => lease?.workerId ?? null),
  rows.map(({ lease }) => lease?.incarnation ?? null),
  rows.map(({ dueAt }) => dueAt),
  rows.map(({ failedOn }) => failedOn),
];
