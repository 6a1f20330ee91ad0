import { z } from 'zod';
import { storedOutput } from './moderation.js';
import { publicEvent } from './operation.js';
import { instant, jobId } from './scalars.js';

/** Why the attempt began when it did, as far as it is the customer's own. */
export const placement = z.object({
  /** The rule of the schedule that decided: docs/scheduling.md. */
  rule: z.string(),
  /** Since the job was queued first. */
  waitedMs: z.int().min(0),
  /** The worker had the model loaded. */
  warm: z.boolean(),
});

/** All news of an attempt says when it started: one that ends within a moment has only its end. */
const startedAttempt = z.object({
  jobId,
  attempt: z.int(),
  workerId: z.string(),
  startedAt: instant,
  /** Absent in news of attempts from before it was told. */
  placement: placement.optional(),
});

/** An attempt has run for half a second. Comes before its end; a shorter attempt has only its end. */
export const attemptStarted = publicEvent('dispatch.attempt-started', startedAttempt);

export const attemptCompleted = publicEvent(
  'dispatch.attempt-completed',
  startedAttempt.extend({ gpuMs: z.int(), outputs: z.array(storedOutput).min(1) }),
);

/** `final`: no further attempt will be made. */
export const attemptFailed = publicEvent(
  'dispatch.attempt-failed',
  startedAttempt.extend({
    ...{ code: z.string(), message: z.string(), final: z.boolean() },
    /** `null` where the worker could not say, because it was not heard of any more. */
    gpuMs: z.int().nullable().default(null),
  }),
);

/** The attempt of a job that has ended otherwise, by its cancellation for example, used this much. */
export const attemptStopped = publicEvent(
  'dispatch.attempt-stopped',
  startedAttempt.extend({ gpuMs: z.int() }),
);

/** Core NATS, lost without harm. Subject: `progressSubject`. */
export const progress = z.object({ jobId, attempt: z.int(), percent: z.int().min(0).max(100) });
export type Progress = z.infer<typeof progress>;
export const progressSubject = (id: string) => `safelight.progress.${id}`;
