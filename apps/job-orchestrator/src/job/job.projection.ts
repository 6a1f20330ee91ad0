import type { RecordedEvent } from '@safelight/event-sourcing';
import type { InlineProjection } from '@safelight/event-store';
import { kyselyOn } from '@safelight/postgres';
import type pg from 'pg';
import type { OrchestratorTables } from '../tables.js';
import type { JobEvent } from './job.js';
import { endStatus } from './job.js';
import { jobIdOf } from './job.handler.js';
import type { JobPatch } from './job.rows.sql.js';
import { insertJobs, updateJobs } from './job.rows.sql.js';

/** How long after a fact that makes something due a sweep should look whether it was done. */
const LOOK_AFTER_MS = 15_000;

/** The table `jobs`, written together with the events: two statements for any number of jobs. */
export const jobProjection: InlineProjection = {
  name: 'jobs',
  apply: async (client: pg.PoolClient, events: readonly RecordedEvent[]) => {
    const patches = new Map<string, JobPatch>();
    for (const recorded of events) {
      const jobId = jobIdOf(recorded.streamId);
      patches.set(jobId, merged(patches.get(jobId) ?? { job_id: jobId }, changesOf(recorded)));
    }
    const all = [...patches.values()];
    const db = kyselyOn<OrchestratorTables>(client);
    // Sent together: a new job has no other patch in the same batch, so their order is no matter.
    await Promise.all([
      insertJobs(db, all.filter(isNew)),
      updateJobs(
        db,
        all.filter((patch) => !isNew(patch)),
      ),
    ]);
  },
};

/** Later facts win, but a job started when it first started. */
const merged = (patch: JobPatch, changes: Omit<JobPatch, 'job_id'>): JobPatch => {
  const both = { ...patch, ...changes };
  return patch.started_at === undefined ? both : { ...both, started_at: patch.started_at };
};

const isNew = (patch: JobPatch): boolean => patch.created_at !== undefined;

/** What an event changes in its job's row. */
function changesOf(recorded: RecordedEvent): Omit<JobPatch, 'job_id'> {
  const event = recorded.event as JobEvent;
  const at = recorded.recordedAt.toISOString();
  const look_at = new Date(recorded.recordedAt.getTime() + LOOK_AFTER_MS).toISOString();
  switch (event.type) {
    case 'JobSubmitted': {
      const { accountId: account_id, deadlineAt: deadline_at } = event;
      const metadata = Object.fromEntries(event.metadata);
      const row = { account_id, metadata, deadline_at, look_at: deadline_at };
      return { ...row, status: 'pending', attempt: 0, created_at: at };
    }
    case 'PromptScreened':
      return {};
    case 'CreditsHeld':
      return { price_micros: event.priceMicros };
    case 'JobQueued':
      return { spec: event.spec };
    case 'AttemptStarted':
      return { status: 'processing', attempt: event.attempt, started_at: event.startedAt };
    case 'AttemptFailed':
      return { attempt: event.attempt, ...(event.final ? { look_at } : {}) };
    case 'OutputsReported': {
      const { attempt, outputs: reported } = event;
      return { status: 'processing', attempt, reported, started_at: at, look_at };
    }
    case 'OutputsChecked':
      return { receipts: event.receipts };
    case 'DeadlineExceeded':
    case 'CancellationRequested':
      return { look_at };
    case 'CreditsSettled':
      return { settlement: event.settlement };
    case 'JobCompleted':
      return { status: 'completed', released: event.releasedOutputIds, ended_at: at };
    case 'JobFailed':
    case 'JobBlocked':
    case 'JobCancelled':
      return { status: endStatus[event.type], failure_code: event.code, ended_at: at };
  }
}
