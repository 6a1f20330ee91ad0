import {
  attemptCompleted,
  attemptFailed,
  attemptStarted,
  type PublicEvent,
} from '@safelight/contracts';
import type { RecordedEvent } from '@safelight/event-sourcing';
import type { OutboxMessage } from '@safelight/event-store';
import type { z } from 'zod';
import type { AssignmentEvent } from './assignment.js';
import { jobIdOf } from './assignment.stream.js';

/** The public event that a private one becomes; most concern nobody else. */
export function toPublic(recorded: RecordedEvent): OutboxMessage | undefined {
  const fact = factOf(jobIdOf(recorded.streamId), recorded.event as AssignmentEvent);
  if (fact === undefined) return undefined;
  const { eventId, streamId, recordedAt, context } = recorded;
  return { id: eventId, key: streamId, recordedAt, context, ...fact };
}

type Fact = Pick<OutboxMessage, 'subject' | 'data'>;

function factOf(jobId: string, event: AssignmentEvent): Fact | undefined {
  switch (event.type) {
    case 'AttemptLeased': {
      const { attempt, workerId, leasedAt } = event;
      return factFor(attemptStarted, { jobId, attempt, workerId, startedAt: leasedAt });
    }
    case 'AttemptCompleted': {
      const { attempt, workerId, gpuMs } = event;
      // The aggregate only carries them; the worker's report had them checked.
      const outputs = event.outputs as z.input<typeof attemptCompleted.data>['outputs'];
      return factFor(attemptCompleted, { jobId, attempt, workerId, gpuMs, outputs });
    }
    case 'AttemptFailed': {
      const { attempt, workerId, code, message, final } = event;
      return factFor(attemptFailed, { jobId, attempt, workerId, code, message, final });
    }
    case 'LeaseExpired': {
      const { attempt, workerId, final } = event;
      const message = 'The worker was not heard of for the life of its lease.';
      const failure = { code: 'lease.expired', message, final };
      return factFor(attemptFailed, { jobId, attempt, workerId, ...failure });
    }
    case 'AssignmentQueued':
    case 'LeaseReleased':
    case 'AssignmentWithdrawn':
      return undefined;
  }
}

const factFor = <Event extends PublicEvent>(
  { subject }: Event,
  data: z.input<Event['data']>,
): Fact => ({ subject, data });
