import { z } from 'zod';
import { askedSpec, jobSpec } from './job-spec.js';
import { storedOutput } from './moderation.js';
import { operation, publicEvent } from './operation.js';
import { accountId, instant, jobId, jobOperation } from './scalars.js';

export const modelOffer = z.object({
  name: z.string(),
  description: z.string(),
  /** One that edits can also begin a generation with an image. */
  operations: z.array(jobOperation),
  /** Of what comes out. */
  maxWidth: z.int(),
  maxHeight: z.int(),
  /** Most pixels of a picture to begin with. */
  maxInputPixels: z.int().default(16_000_000),
  /** Further fields of a request that it honours, by their names in the public API. */
  features: z.array(z.string()).default([]),
  /** What it can use beside the model, as the engine calls it; absent where nobody asked the engine. */
  parts: z.array(z.string()).optional(),
  /** Of a video that it makes, where it makes any: its length in seconds and pictures a second. */
  maxSeconds: z.number().positive().nullable().default(null),
  maxFps: z.int().positive().nullable().default(null),
  defaultSteps: z.int(),
  /** A first guess of the engine's speed; the dispatcher learns the truth. */
  gpuSecondsPerMegapixelStep: z.number(),
});
export type ModelOffer = z.infer<typeof modelOffer>;

/** In seconds from now: usual, and what nine of ten such jobs are done by. */
const prospects = {
  etaSeconds: z.int(),
  etaP90Seconds: z.int().nullable().default(null),
  /** Jobs before it. */
  queuePosition: z.int(),
};

/**
 * Can this be served, and when? `model: null` and `steps: null` ask for the defaults.
 * Refusals: `model.unknown`, `model.unsupported {field, limit}`, `model.cannot {field, models}` with
 * the models that could, `operation.unserved {operation, operations}` with what is served at all,
 * `pool.unknown {pool}`, also for a pool of another account; `pool.cannot {pool, model, pools}` with
 * the models that its workers have; `dispatch.unavailable {retryAfterSeconds}`.
 */
export const admitJob = operation(
  'dispatch.admit',
  z.object({
    accountId,
    spec: askedSpec,
    needs: z.array(z.string()).default([]),
    /** Once it is queued. Absent where it is only asked about: then nothing is kept of the answer. */
    jobId: jobId.optional(),
    /** How long it may take from now until it is done, in milliseconds. */
    withinMs: z.int().positive().optional(),
  }),
  z.object({
    ...{ model: z.string(), steps: z.int() },
    /** Where it is to run; `null`: on everybody's workers. */
    pool: z.string().nullable().default(null),
    ...prospects,
  }),
);

/**
 * Where these jobs stand and when they will probably be done; nothing of those that do not wait or
 * run here (any more).
 */
export const locateJobs = operation(
  'dispatch.locate',
  z.object({ jobIds: z.array(jobId).max(1_000) }),
  z.object({ places: z.array(z.object({ jobId, ...prospects })) }),
  500,
);

/** How many workers a pool should have, and why. Gpu seconds include the loading of models. */
export const poolScaling = z.object({
  pool: z.string(),
  /** The one number. */
  desired: z.int().min(0),
  /** Workers that are there. */
  workers: z.int(),
  /** Workers with at least one running job. */
  busy: z.int(),
  waitingJobs: z.int(),
  backlogGpuSeconds: z.number(),
  /** Within which the backlog shall be worked off. */
  targetWaitSeconds: z.number(),
  buffer: z.int(),
  min: z.int(),
  max: z.int().nullable(),
  /** From the wish for a worker until it offers itself, as was seen; `null`: never seen. */
  coldStartSeconds: z.number().nullable(),
  /** For how long nothing has waited or run. */
  idleSeconds: z.number(),
  /** In words, in the order in which they count. */
  reasons: z.array(z.string()),
});
export type PoolScaling = z.infer<typeof poolScaling>;

/** How many workers each pool should have; answered by the replica that leads. */
export const readScaling = operation(
  'dispatch.scaling',
  z.object({}),
  z.object({ pools: z.array(poolScaling) }),
);

/** The models that a worker serves now. `warm`: without loading it first, on one worker at least. */
export const listModels = operation(
  'dispatch.list-models',
  z.object({}),
  z.object({
    models: z.array(
      z.object({ offer: modelOffer, state: z.enum(['warm', 'cold']), isDefault: z.boolean() }),
    ),
  }),
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
    workerId: z.string(),
    /** New at every start of the worker process, and whenever its engine was lost and is back. */
    incarnation: z.string(),
    engine: z.string(),
    models: z.array(modelOffer),
    warm: z.array(z.string()),
    /** Workers of one kind that are scaled together; one that is named by an account is its own. */
    pool: z.string().default('shared'),
    /** Words by which operators tell workers apart, such as a rack or a GPU class. */
    tags: z.array(z.string()).default([]),
    /** What the worker measures; `null` where it has no GPU to ask. Bytes. */
    gpu: z
      .object({ name: z.string(), vramBytes: z.int(), freeVramBytes: z.int() })
      .nullable()
      .default(null),
    slots: z.int().min(0),
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
