import {
  attemptCompleted,
  attemptFailed,
  attemptStarted,
  attemptStopped,
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
    case 'AttemptStarted':
      return factFor(attemptStarted, { jobId, ...tokenOf(event) });
    case 'AttemptCompleted': {
      // The aggregate only carries them; the worker's report had them checked.
      const outputs = event.outputs as z.input<typeof attemptCompleted.data>['outputs'];
      return factFor(attemptCompleted, { jobId, ...tokenOf(event), gpuMs: event.gpuMs, outputs });
    }
    case 'AttemptFailed': {
      const { code, message, final, gpuMs } = event;
      return factFor(attemptFailed, { jobId, ...tokenOf(event), code, message, final, gpuMs });
    }
    case 'LeaseExpired': {
      const message = 'The worker was not heard of for the life of its lease.';
      const failure = { code: 'lease.expired', message, final: event.final };
      return factFor(attemptFailed, { jobId, ...tokenOf(event), ...failure });
    }
    case 'AttemptStopped':
      return factFor(attemptStopped, { jobId, ...tokenOf(event), gpuMs: event.gpuMs });
    case 'AssignmentQueued':
    case 'AttemptLeased':
    case 'LeaseReleased':
    case 'AssignmentWithdrawn':
      return undefined;
  }
}

type Begun = Extract<AssignmentEvent, { type: 'AttemptStarted' }>;

const tokenOf = ({ attempt, workerId, startedAt, placement }: Omit<Begun, 'type'>) => ({
  ...{ attempt, workerId, startedAt },
  ...(placement && { placement }),
});

const factFor = <Event extends PublicEvent>(
  { subject }: Event,
  data: z.input<Event['data']>,
): Fact => ({ subject, data });
