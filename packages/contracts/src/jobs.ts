import { z } from 'zod';
import { plan, priceLine, settlement } from './billing.js';
import { spendsAs } from './budgets.js';
import { askedSpec, jobContent, jobSpec } from './job-spec.js';
import { receipt, storedOutput } from './moderation.js';
import { operation, publicEvent } from './operation.js';
import { accountId, instant, jobId, keyId, micros } from './scalars.js';

export const jobStatus = z.enum([
  'pending',
  'processing',
  'completed',
  'failed',
  'blocked',
  'cancelled',
]);
export type JobStatus = z.infer<typeof jobStatus>;

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

/** By when nine of ten such jobs are done; `null` in what was answered before this was known. */
const etaP90Seconds = z.int().nullable().default(null);

/** The answer to whoever wanted a job. */
export const acceptedJob = z.object({
  status: jobStatus,
  priceMicros: micros,
  availableMicros: micros,
  etaSeconds: z.int(),
  etaP90Seconds,
  queuePosition: z.int(),
});

/**
 * Screens, prices, holds, and queues. Answers only once the job is committed. Idempotent by job id.
 * Refusals: `prompt.blocked {decisionId, policyVersion, ruleId, category}`,
 * `credits.insufficient {priceMicros, availableMicros}`, `account.unknown`,
 * `budget.exceeded {keyId, period, limitMicros, spentMicros, priceMicros, resetsAt}`,
 * `price.changed {priceMicros, quotedMicros}`, `model.unknown {model, models}`,
 * `model.unsupported {field, limit}`, `model.cannot {field, models}`,
 * `operation.unserved {operation, operations}`, `dispatch.unavailable {retryAfterSeconds}`.
 */
export const submitJob = operation(
  'jobs.submit',
  z.object({
    jobId,
    accountId,
    keyId,
    spendsAs,
    spec: askedSpec,
    content: jobContent,
    metadata: z.record(z.string(), z.string()),
    /** Fields of the request that only some models can honour. */
    needs: z.array(z.string()).default([]),
    /** The price that the customer was quoted: at another one there is no job. */
    quotedMicros: micros.nullable().default(null),
    plan,
  }),
  acceptedJob,
  40_000,
);

/**
 * A failed job again, as a new one of the same account with the same content and a hold of its own.
 * Idempotent by the new job's id. Refusals: `job.not_found`, `job.not_failed {status}`,
 * `job.erased`, `job.other_kind {test}` for a test key and a live job or the other way round, and
 * those of `submitJob`.
 */
export const retryJob = operation(
  'jobs.retry',
  z.object({
    ...{ jobId, accountId, keyId, spendsAs, newJobId: jobId, plan },
    ...{ test: jobSpec.shape.test, share: jobSpec.shape.share },
    /** The job's parts as the catalogue knows them today; its own where nothing is said. */
    parts: jobSpec.shape.parts,
  }),
  acceptedJob,
  40_000,
);

/**
 * Deletes the words, the input pictures and the outputs of a job that has ended; its events stay.
 * Once this is answered they are gone. Idempotent. Refusals: `job.not_found`, `job.open {status}`.
 */
export const eraseJob = operation('jobs.erase', z.object({ jobId, accountId }), jobView, 20_000);

/**
 * What a submission would be answered now: price, place in the queue, and what screening says.
 * Makes nothing, holds nothing. Refusals: those of admission.
 */
export const quoteJob = operation(
  'jobs.quote',
  z.object({
    accountId,
    spec: askedSpec,
    content: jobContent,
    needs: z.array(z.string()).default([]),
    plan,
  }),
  z.object({
    model: z.string(),
    steps: z.int(),
    etaSeconds: z.int(),
    etaP90Seconds,
    queuePosition: z.int(),
    priceMicros: micros,
    priceVersion: z.string(),
    lines: z.array(priceLine),
    verdict: z.enum(['pass', 'block']),
  }),
  5_000,
);

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
    type: z.string().nullable().default(null),
    /** From this time on, and until before that one. */
    createdAfter: instant.nullable().default(null),
    createdBefore: instant.nullable().default(null),
    /** All of these pairs. */
    metadata: z.record(z.string(), z.string()).default({}),
  }),
  z.object({ jobs: z.array(jobView), next: jobId.nullable() }),
);

/** Completed jobs whose owners show them to everybody, newest first; none that a test key made. */
export const readFeed = operation(
  'jobs.feed',
  z.object({ limit: z.int().min(1).max(100), before: jobId.nullable() }),
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

/** The number of the event in the job's own timeline, from 1. */
const sequence = z.int().min(1);

export const jobQueued = publicEvent(
  'jobs.queued',
  z.object({ jobId, accountId, sequence, spec: jobSpec, deadlineAt: instant }),
);

/** A worker began on it; again, with a higher attempt, when it is tried anew. */
export const jobStarted = publicEvent(
  'jobs.started',
  z.object({ jobId, accountId, sequence, attempt: z.int(), startedAt: instant }),
);

export const jobEnded = publicEvent(
  'jobs.ended',
  z.object({
    jobId,
    accountId,
    sequence,
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
