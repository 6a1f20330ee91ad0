import { z } from 'zod';
import { modelOffer } from './dispatch.js';
import { jobSpec } from './job-spec.js';
import { storedOutput } from './moderation.js';
import { operation } from './operation.js';
import { accountId, instant, jobId } from './scalars.js';

/** By which something is known in the database: whole characters, and no NUL. */
const identity = z
  .string()
  .refine(
    (text) => !text.includes('\0') && !/\p{Cs}/u.test(text),
    'must be whole characters, without NUL',
  );

/** A lease that a worker believes it holds. */
export const heldLease = z.object({ jobId, attempt: z.int() });

/**
 * A worker says that it is there, what it can do, which leases it holds and how many slots are
 * free; sent at start, every 5 s, and when slots become free. No free slot is back-pressure.
 * The answer names the leases that it must drop (superseded or cancelled).
 */
export const offerSlots = operation(
  'dispatch.offer',
  z.object({
    workerId: identity,
    /** New at every start of the worker process, and whenever its engine was lost and is back. */
    incarnation: identity,
    engine: z.string(),
    models: z.array(modelOffer),
    warm: z.array(z.string()),
    /** Workers of one kind that are scaled together; one that is named by an account is its own. */
    pool: identity.default('shared'),
    /** Words by which operators tell workers apart, such as a rack or a GPU class. */
    tags: z.array(z.string()).default([]),
    /** What the worker measures; `null` where it has no GPU to ask. Bytes. */
    gpu: z
      .object({ name: z.string(), vramBytes: z.int(), freeVramBytes: z.int() })
      .nullable()
      .default(null),
    slots: z.int().min(0).max(1_000_000),
    freeSlots: z.int().min(0),
    leases: z.array(heldLease),
  }),
  z.object({
    epoch: z.int(),
    heartbeatMs: z.int(),
    leaseMs: z.int(),
    drop: z.array(heldLease),
    /** Why the worker gets no work, and when it may prove itself; `null` there: not by itself. */
    quarantined: z
      .object({ reason: z.string(), provesAt: instant.nullable() })
      .nullable()
      .default(null),
  }),
);

/**
 * The dispatcher hands a worker one attempt, on the worker's own subject (`workerSubject`).
 * `attempt` is the fencing token. Refusals: `worker.busy`, `worker.draining`, `worker.stale_epoch`.
 */
export const assignment = z.object({
  jobId,
  accountId,
  attempt: z.int(),
  epoch: z.int(),
  spec: jobSpec,
  deadlineAt: instant,
  /** `traceparent` of the job's submission: the attempt has a trace of its own, linked to it. */
  submission: z.string().nullable().default(null),
});
export type Assignment = z.infer<typeof assignment>;

/** The operation that one worker incarnation answers. */
export const assignTo = (incarnation: string) =>
  operation(
    `worker.${incarnation}.assign`,
    assignment,
    z.object({ accepted: z.literal(true) }),
    5_000,
  );

/** Stops an attempt between two passes. */
export const cancelOn = (incarnation: string) =>
  operation(`worker.${incarnation}.cancel`, heldLease, z.object({ cancelled: z.boolean() }));

/**
 * A canary: a worker in quarantine makes a small picture that nobody keeps, to show that it works
 * again. Refusals: `worker.busy`, `worker.draining`, `worker.stale_epoch`, and what its engine says.
 * Two minutes, because a model may have to be loaded first.
 */
export const proveWorker = (incarnation: string) =>
  operation(
    `worker.${incarnation}.prove`,
    z.object({
      trialId: z.string(),
      epoch: z.int(),
      model: z.string(),
      width: z.int(),
      height: z.int(),
      steps: z.int(),
    }),
    z.object({ width: z.int(), height: z.int(), gpuMs: z.int() }),
    120_000,
  );

const attemptReport = z.object({
  workerId: z.string(),
  incarnation: z.string(),
  jobId,
  attempt: z.int(),
  /** The time that the engine worked for it, without loading. */
  gpuMs: z.int(),
  /** The time that it took to load models for it; 0 where they were loaded or nobody can tell. */
  loadMs: z.int().min(0).default(0),
  /** The most video memory that was seen in use meanwhile, in bytes; `null` where nobody measures. */
  peakVramBytes: z.int().min(0).nullable().default(null),
});

/** `accepted: false`: the attempt was superseded; the result changes nothing. */
const reportReply = z.object({ accepted: z.boolean() });

/** The attempt's outputs lie in the object store. Frees the worker's slot. Idempotent. */
export const completeAttempt = operation(
  'dispatch.complete-attempt',
  attemptReport.extend({ outputs: z.array(storedOutput).min(1) }),
  reportReply,
);

/** The attempt failed. `retryable: false` when no other worker would fare better. */
export const failAttempt = operation(
  'dispatch.fail-attempt',
  attemptReport.extend({ code: z.string(), message: z.string(), retryable: z.boolean() }),
  reportReply,
);

/**
 * The worker has let go of an attempt that it was told to drop, or whose report changed nothing: what
 * that had used. Of a job that has ended by then it is recorded, once; of any other it changes nothing.
 */
export const stopAttempt = operation('dispatch.stop-attempt', attemptReport, reportReply);
