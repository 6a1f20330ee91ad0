import type { InlineProjection, StagedEvent } from '@safelight/event-store';
import type { JobEvent } from './job.js';
import { endStatus } from './job.js';
import { jobIdOf } from './job.handler.js';
import type { JobPatch } from './job.rows.sql.js';
import { insertJobs, insertLabels, updateJobs, type JobLabel } from './job.rows.sql.js';

/** The tables `jobs` and `job_labels`, written together with the events: a statement for each kind of
 * change, for any number of jobs. */
export const jobProjection: InlineProjection = {
  name: 'jobs',
  statements: (events) => {
    const patches = new Map<string, JobPatch>();
    for (const staged of events) {
      const jobId = jobIdOf(staged.streamId);
      const patch = patches.get(jobId) ?? { job_id: jobId };
      patches.set(jobId, merged(patch, changesOf(staged.event as JobEvent)));
    }
    const [added, changed] = [...patches.values()].reduce<[JobPatch[], JobPatch[]]>(
      (parts, patch) => {
        parts[patch.created === true ? 0 : 1].push(patch);
        return parts;
      },
      [[], []],
    );
    const labels = events.flatMap(labelsOf);
    return [
      ...(added.length > 0 ? [insertJobs(added)] : []),
      ...(labels.length > 0 ? [insertLabels(labels)] : []),
      ...(changed.length > 0 ? [updateJobs(changed)] : []),
    ];
  },
};

/** What a job can be found by. */
function labelsOf({ streamId, event: staged }: StagedEvent): JobLabel[] {
  const event = staged as JobEvent;
  if (event.type !== 'JobSubmitted') return [];
  const { accountId: account_id, metadata } = event;
  const job_id = jobIdOf(streamId);
  return metadata.map(([name, value]) => ({ account_id, name, value, job_id }));
}

/** Later facts win, but a job started when it first started. */
const merged = (patch: JobPatch, changes: Omit<JobPatch, 'job_id'>): JobPatch => {
  const both = { ...patch, ...changes };
  return patch.started_at === undefined ? both : { ...both, started_at: patch.started_at };
};

const REPORTED = { status: 'processing', started: true, look: true } as const;

/** What an event changes in its job's row. */
function changesOf(event: JobEvent): Omit<JobPatch, 'job_id'> {
  if ('caseId' in event) return { released: event.releasedOutputIds ?? undefined };
  switch (event.type) {
    case 'JobSubmitted': {
      const { accountId: account_id, keyId: key_id, deadlineAt: deadline_at } = event;
      const metadata = Object.fromEntries(event.metadata);
      const retry_of = event.retryOf ?? null;
      const row = { account_id, key_id, metadata, deadline_at, attempt: 0, retry_of };
      return { ...row, status: 'pending', created: true };
    }
    case 'PromptScreened':
    case 'AttemptStopped':
      return {};
    case 'CreditsHeld':
      return { price_micros: event.listPriceMicros ?? event.priceMicros };
    case 'JobQueued':
      return { spec: event.spec };
    case 'AttemptStarted':
      return { status: 'processing', attempt: event.attempt, started_at: event.startedAt };
    case 'AttemptFailed':
      return { attempt: event.attempt, ...(event.final ? { look: true as const } : {}) };
    case 'OutputsReported':
      return { ...REPORTED, attempt: event.attempt, reported: event.outputs };
    case 'OutputsChecked':
      return { receipts: event.receipts };
    case 'DeadlineExceeded':
    case 'CancellationRequested':
      return { look: true };
    case 'ContentErased':
      return { erased: true };
    case 'CreditsSettled':
      return { settlement: event.settlement };
    case 'JobCompleted':
      return { status: 'completed', released: event.releasedOutputIds, ended: true };
    case 'JobFailed':
    case 'JobBlocked':
    case 'JobCancelled':
      return { status: endStatus[event.type], failure_code: event.code, ended: true };
  }
}
