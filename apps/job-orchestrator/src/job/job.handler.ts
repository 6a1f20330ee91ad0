import type { MessageContext, RecordedEvent } from '@safelight/event-sourcing';
import { CommandHandler } from '@safelight/event-store';
import type { EventStore } from '@safelight/event-store';
import type { Job, JobCommand, JobEvent } from './job.js';
import { jobDecider } from './job.js';

const CATEGORY = 'job-';
/** Jobs whose state is kept in memory; the rest is read again when needed. */
const CACHED_JOBS = 20_000;

export const streamOf = (jobId: string): string => `${CATEGORY}${jobId}`;
export const jobIdOf = (streamId: string): string => streamId.slice(CATEGORY.length);

/** Load, decide, append. */
export class Jobs extends CommandHandler<JobCommand, JobEvent, Job> {
  constructor(private readonly events: EventStore) {
    super({ store: events, decider: jobDecider, streamOf, cacheSize: CACHED_JOBS });
  }

  /** What happened to a job after this version, or ever; `[]` when there is nothing. */
  async history(jobId: string, afterVersion = 0): Promise<RecordedEvent<JobEvent>[]> {
    return (await this.events.read(streamOf(jobId), afterVersion)) as RecordedEvent<JobEvent>[];
  }
}

/** All that happens to a job is one conversation, whatever its messages were part of. */
export const contextOf = (jobId: string, cause: MessageContext): MessageContext => ({
  ...cause,
  correlationId: jobId,
});
