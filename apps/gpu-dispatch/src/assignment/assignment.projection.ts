import type { InlineProjection, StagedEvent } from '@safelight/event-store';
import type { Statement } from '@safelight/postgres';
import { requireEpoch } from '../leadership/epoch.js';
import type { AssignmentEvent } from './assignment.js';
import {
  changeAssignments,
  closeAssignments,
  openAssignments,
  type OpenRow,
} from './assignment.rows.sql.js';
import { jobIdOf } from './assignment.stream.js';

/**
 * Keeps `dispatch.open_assignments`, and lets the append's database transaction pass only in the
 * reign for which it was made: whatever an old leader decides is refused here.
 */
export const assignmentProjection = (epoch: number): InlineProjection => ({
  name: 'assignments',
  statements: (events) => [requireEpoch(epoch), ...rowStatements(events)],
});

/** What a batch does to the row of one job. */
interface Change extends OpenRow {
  readonly ended: boolean;
}

function rowStatements(events: readonly StagedEvent[]): Statement[] {
  const changes = new Map<string, Change>();
  for (const staged of events) {
    const jobId = jobIdOf(staged.streamId);
    const change = changed(changes.get(jobId) ?? untouched(jobId), staged);
    if (change !== undefined) changes.set(jobId, change);
  }
  const added: Change[] = [];
  const kept: Change[] = [];
  const ended: string[] = [];
  for (const change of changes.values()) {
    if (change.queued === undefined) {
      if (change.ended) ended.push(change.jobId);
      else kept.push(change);
    } else if (!change.ended) added.push(change);
  }
  return [
    ...(added.length > 0 ? [openAssignments(added)] : []),
    ...(kept.length > 0 ? [changeAssignments(kept)] : []),
    ...(ended.length > 0 ? [closeAssignments(ended)] : []),
  ];
}

const untouched = (jobId: string): Change => ({
  ...{ jobId, queued: undefined, attempt: 0, lease: undefined, dueAt: null },
  ...{ failedOn: null, ended: false },
});

/** The row's change with one more event; `undefined` when the event leaves the row as it is. */
function changed(change: Change, staged: StagedEvent): Change | undefined {
  const event = staged.event as AssignmentEvent;
  switch (event.type) {
    case 'AssignmentQueued':
      return { ...change, queued: { ...staged, event } };
    case 'AttemptLeased':
      return { ...change, attempt: event.attempt, lease: event, dueAt: null };
    case 'AttemptStarted':
    case 'AttemptStopped':
      return undefined;
    case 'LeaseReleased':
      return {
        ...{ ...change, attempt: event.attempt, lease: undefined },
        failedOn: event.lostBy ?? change.failedOn,
      };
    case 'AttemptFailed': {
      const { attempt, retryAt: dueAt, final: ended } = event;
      return { ...change, attempt, lease: undefined, dueAt, ended, failedOn: event.workerId };
    }
    case 'LeaseExpired': {
      const { attempt, workerId: failedOn, final: ended } = event;
      return { ...change, attempt, lease: undefined, ended, failedOn };
    }
    case 'AttemptCompleted':
    case 'AssignmentWithdrawn':
      return { ...change, ended: true };
  }
}
