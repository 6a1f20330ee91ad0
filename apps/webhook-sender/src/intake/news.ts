import type { JobEventType, JobStatus } from '@safelight/contracts';

/** Something that happened to a job, for whoever wants to know. */
export interface News {
  /** Of the message on the bus: the same at every delivery of it. */
  readonly messageId: string;
  readonly accountId: string;
  readonly jobId: string;
  readonly type: JobEventType;
  /** The job's status after it. */
  readonly status: JobStatus;
  /** Its number in the job's timeline. */
  readonly sequence: number;
  readonly occurredAt: string;
}

/** What the events of a job are called outside, by the status that they bring it to. */
export const typeOf = {
  pending: 'job.queued',
  processing: 'job.processing',
  completed: 'job.completed',
  failed: 'job.failed',
  blocked: 'job.blocked',
  cancelled: 'job.cancelled',
} as const satisfies Record<JobStatus, JobEventType>;
