import { JOBS_NOTICE_SUBJECT } from '@safelight/contracts';
import type { RecordedEvent } from '@safelight/event-sourcing';
import type { BusConnection } from '@safelight/messaging';
import { jobIdOf } from './job.handler.js';

/**
 * Tells whoever follows jobs which of them have new events: one message for each commit, after it.
 * Nobody depends on it: what it says can be read.
 */
export const noticeOn =
  (bus: BusConnection) =>
  (events: readonly RecordedEvent[]): void => {
    const jobIds = [...new Set(events.map(({ streamId }) => jobIdOf(streamId)))];
    if (bus.connected)
      bus.publish({ subject: JOBS_NOTICE_SUBJECT, data: JSON.stringify({ jobIds }) });
  };
