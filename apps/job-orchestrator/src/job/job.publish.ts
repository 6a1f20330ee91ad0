import { jobEnded, jobQueued, jobStarted } from '@safelight/contracts';
import type { PublicEvent } from '@safelight/contracts';
import type { RecordedEvent } from '@safelight/event-sourcing';
import type { OutboxMessage } from '@safelight/event-store';
import type { JobEvent } from './job.js';
import { endStatus } from './job.js';
import { failureOf } from './job.failures.js';
import { jobIdOf } from './job.handler.js';

/** The public event that a private one becomes; `undefined` for what concerns nobody else. */
export function toPublic(recorded: RecordedEvent): OutboxMessage | undefined {
  const event = recorded.event as JobEvent;
  const jobId = jobIdOf(recorded.streamId);
  const sequence = recorded.version;
  switch (event.type) {
    case 'JobQueued': {
      const { accountId, spec, deadlineAt } = event;
      return message(recorded, jobQueued, { jobId, accountId, sequence, spec, deadlineAt });
    }
    case 'AttemptStarted': {
      const { accountId, attempt, startedAt } = event;
      return message(recorded, jobStarted, { jobId, accountId, sequence, attempt, startedAt });
    }
    case 'JobCompleted':
    case 'JobFailed':
    case 'JobBlocked':
    case 'JobCancelled':
      return message(recorded, jobEnded, {
        jobId,
        accountId: event.accountId,
        sequence,
        status: endStatus[event.type],
        settlement: event.settlement,
        failure: event.type === 'JobCompleted' ? null : failureOf(event.code),
        endedAt: recorded.recordedAt.toISOString(),
      });
    default:
      return undefined;
  }
}

const message = (
  { eventId, streamId, recordedAt, context }: RecordedEvent,
  { subject }: PublicEvent,
  data: unknown,
): OutboxMessage => ({ id: eventId, subject, key: streamId, data, recordedAt, context });
