import type { RecordedEvent } from '@safelight/event-sourcing';
import type { JobEvent } from '../job/job.js';
import type { Reply } from './request.js';

/** The answer to a submission, from the events that it left: the same however often one asks. */
export function replyOf(events: readonly RecordedEvent<JobEvent>[]): Reply {
  const held = eventOf(events, 'CreditsHeld');
  const queued = eventOf(events, 'JobQueued');
  return {
    status: 'pending',
    priceMicros: held.listPriceMicros ?? held.priceMicros,
    availableMicros: held.availableMicros,
    etaSeconds: queued.etaSeconds,
    etaP90Seconds: queued.etaP90Seconds ?? null,
    queuePosition: queued.queuePosition,
  };
}

function eventOf<Type extends JobEvent['type']>(
  events: readonly RecordedEvent<JobEvent>[],
  type: Type,
): Extract<JobEvent, { type: Type }> {
  for (const { event } of events) {
    if (event.type === type) return event as Extract<JobEvent, { type: Type }>;
  }
  throw new Error(`a submitted job has no ${type}`);
}
