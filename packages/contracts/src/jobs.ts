import { z } from 'zod';
import { settlement } from './billing.js';
import { receipt, storedOutput } from './moderation.js';
import { operation, publicEvent } from './operation.js';
import {
  accountId,
  digest,
  instant,
  jobId,
  jobOperation,
  keyId,
  lane,
  mediaType,
  micros,
} from './scalars.js';

export const jobStatus = z.enum([
  'pending',
  'processing',
  'completed',
  'failed',
  'blocked',
  'cancelled',
]);
export type JobStatus = z.infer<typeof jobStatus>;

/** What a picture that a customer sent is for. `mask`: white is to be repainted. */
export const inputRole = z.enum(['image', 'mask', 'face']);
export type InputRole = z.infer<typeof inputRole>;

/** A picture that a job begins with, as events may know it. */
export const jobInput = z.object({
  role: inputRole,
  /** Key of the sealed object; belongs to one job. */
  key: z.string(),
  /** Of the sealed object, not of the picture: it tells nobody which picture that was. */
  digest,
  mediaType,
  width: z.int(),
  height: z.int(),
});
export type JobInput = z.infer<typeof jobInput>;

/**
 * What an engine is to do, without the words and the pictures: safe to put into events. Fields with
 * a default came later than the first events.
 */
export const jobSpec = z.object({
  operation: jobOperation,
  model: z.string(),
  width: z.int(),
  height: z.int(),
  steps: z.int(),
  guidance: z.number(),
  images: z.int().min(1).max(8),
  /** Seed of the first image (uint32); image i uses seed + i. */
  seed: z.int(),
  format: z.enum(['png', 'jpeg', 'webp']),
  lane,
  moderationLevel: z.int().min(0).max(2),
  inputs: z.array(jobInput).default([]),
  /** How far an image is left behind: 0 keeps it, 1 ignores it. */
  strength: z.number().min(0).max(1).nullable().default(null),
  /** What an edit repaints where no mask was sent. */
  automask: z.enum(['subject', 'background']).nullable().default(null),
  /** How many times wider and higher an upscaled image gets. */
  scale: z
    .union([z.literal(2), z.literal(4)])
    .nullable()
    .default(null),
  /** Of a video. */
  seconds: z.number().positive().nullable().default(null),
  fps: z.int().positive().nullable().default(null),
});
export type JobSpec = z.infer<typeof jobSpec>;

/** As asked for: the dispatcher chooses the model and its steps where the customer did not. */
export const askedSpec = jobSpec.extend({
  model: z.string().nullable(),
  steps: z.int().nullable(),
});
export type AskedSpec = z.infer<typeof askedSpec>;

/** What opens a sealed picture: personal content, never in an event. */
export const inputSecret = z.object({
  /** Random, for this object alone; base64. Without it nobody can look at the picture. */
  dataKey: z.base64(),
  /** Of the picture as it was sent, and as it was drawn anew. */
  digests: z.array(digest).min(1),
});
export type InputSecret = z.infer<typeof inputSecret>;

/** The words, and the keys to the pictures: personal content, never in an event. */
export const jobContent = z.object({
  prompt: z.string(),
  negativePrompt: z.string(),
  /** In the order of the spec's inputs. */
  inputs: z.array(inputSecret).default([]),
});
export type JobContent = z.infer<typeof jobContent>;

export const jobOutput = storedOutput.extend({ receipt });

export const jobView = z.object({
  id: jobId,
  accountId,
  status: jobStatus,
  spec: jobSpec,
  metadata: z.record(z.string(), z.string()),
  /** 0..100 */
  progress: z.int(),
  attempt: z.int(),
  priceMicros: micros,
  /** Released outputs only. */
  outputs: z.array(jobOutput),
  settlement: settlement.nullable(),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** The failed job that this one is made again of. */
  retryOf: jobId.nullable().default(null),
  /** When its inputs and outputs were deleted. */
  deletedAt: instant.nullable().default(null),
  createdAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
});
export type JobView = z.infer<typeof jobView>;

/** The answer to whoever wanted a job. */
export const acceptedJob = z.object({
  status: jobStatus,
  priceMicros: micros,
  availableMicros: micros,
  etaSeconds: z.int(),
  queuePosition: z.int(),
});

/**
 * Screens, prices, holds, and queues. Answers only once the job is committed. Idempotent by job id.
 * Refusals: `prompt.blocked {decisionId, policyVersion, ruleId, category}`,
 * `credits.insufficient {priceMicros, availableMicros}`, `account.unknown`,
 * `model.unknown {model, models}`, `model.unsupported {field, limit}`,
 * `model.cannot {field, models}`, `operation.unserved {operation, operations}`,
 * `dispatch.unavailable {retryAfterSeconds}`.
 */
export const submitJob = operation(
  'jobs.submit',
  z.object({
    jobId,
    accountId,
    keyId,
    spec: askedSpec,
    content: jobContent,
    metadata: z.record(z.string(), z.string()),
    /** Fields of the request that only some models can honour. */
    needs: z.array(z.string()).default([]),
  }),
  acceptedJob,
  10_000,
);

/**
 * A failed job again, as a new one of the same account with the same content and a hold of its own.
 * Idempotent by the new job's id. Refusals: `job.not_found`, `job.not_failed {status}`,
 * `job.erased`, and those of `submitJob`.
 */
export const retryJob = operation(
  'jobs.retry',
  z.object({ jobId, accountId, keyId, newJobId: jobId }),
  acceptedJob,
  20_000,
);

/**
 * Deletes the words, the input pictures and the outputs of a job that has ended; its events stay.
 * Once this is answered they are gone. Idempotent. Refusals: `job.not_found`, `job.open {status}`.
 */
export const eraseJob = operation('jobs.erase', z.object({ jobId, accountId }), jobView, 20_000);

/** Refusal: `job.not_found`, also for another account's job. */
export const getJob = operation('jobs.get', z.object({ jobId, accountId }), jobView);

/**
 * Stops a job wherever it is and gives back what was held for it. Idempotent.
 * Refusals: `job.not_found`, `job.ended {status}`, and `job.settling` once its outputs are made and
 * being paid for.
 */
export const cancelJob = operation('jobs.cancel', z.object({ jobId, accountId }), jobView, 10_000);

export const listJobs = operation(
  'jobs.list',
  z.object({
    accountId,
    limit: z.int().min(1).max(100),
    /** Job id of the last one seen; newest first. */
    before: jobId.nullable(),
    status: jobStatus.nullable(),
  }),
  z.object({ jobs: z.array(jobView), next: jobId.nullable() }),
);

/** Which of these jobs are over; ids that nobody knows are not. For the gateway's cap on open jobs. */
export const endedAmong = operation(
  'jobs.ended-among',
  z.object({ jobIds: z.array(jobId).max(10_000) }),
  z.object({ ended: z.array(jobId) }),
);

/**
 * The job's own events above `after`, in order and numbered without gaps, as a customer may see
 * them. Refusal: `job.not_found`.
 */
export const getTimeline = operation(
  'jobs.get-timeline',
  z.object({ jobId, accountId, after: z.int().min(0).default(0) }),
  z.object({
    /** Nothing will follow the last of these events. */
    ended: z.boolean(),
    events: z.array(
      z.object({
        sequence: z.int(),
        type: z.string(),
        at: instant,
        data: z.record(z.string(), z.unknown()),
      }),
    ),
  }),
);

/** What a worker needs to run an attempt. Refusal: `job.not_found`, `job.ended`. */
export const fetchInput = operation(
  'jobs.fetch-input',
  z.object({ jobId, attempt: z.int() }),
  z.object({ accountId, spec: jobSpec, content: jobContent }),
);

export const jobQueued = publicEvent(
  'jobs.queued',
  z.object({ jobId, accountId, spec: jobSpec, deadlineAt: instant }),
);

export const jobEnded = publicEvent(
  'jobs.ended',
  z.object({
    jobId,
    accountId,
    status: z.enum(['completed', 'failed', 'blocked', 'cancelled']),
    settlement,
    failure: z.object({ code: z.string(), message: z.string() }).nullable(),
    endedAt: instant,
  }),
);

/**
 * Core NATS, after every commit of the orchestrator: these jobs have new events. May be lost: whoever
 * follows a job looks for itself from time to time.
 */
export const jobsNotice = z.object({ jobIds: z.array(jobId) });
export const JOBS_NOTICE_SUBJECT = 'safelight.notice.jobs';
