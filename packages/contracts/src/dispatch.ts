import { z } from 'zod';
import { askedSpec, inputRole } from './job-spec.js';
import { samplers } from './model-parts.js';
import { operation } from './operation.js';
import { accountId, jobId, jobOperation } from './scalars.js';

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
  /** Those that it draws with; `null`: all of them, for all that is known. */
  samplers: z.array(z.enum(samplers)).nullable().default(null),
  /** Pictures without which it makes nothing. */
  requires: z.array(inputRole).default([]),
  /** Fields of every request of its kind that it has no place for, by their names in the public API. */
  lacks: z.array(z.enum(['automask', 'negative_prompt'])).default([]),
  /** GPU memory that it needs, where somebody measured it. Bytes. */
  vramBytes: z.int().min(0).nullable().default(null),
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
 * the models that could, and `choices` where it takes the field but not this value; `model.needs
 * {field, models}` for a picture that is missing, `model.too_large {vramBytes, largestBytes, models}`, `operation.unserved {operation, operations}` with what is served at all,
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
    /** GPU memory that it needs, where that is known. Bytes. */
    vramBytes: z.int().nullable().default(null),
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

/**
 * The models that a worker serves now: one of everybody's, or of a pool of the account's where that is
 * named (`pool.unknown` as in `admitJob`). `warm`: without loading it first, on one worker at least.
 */
export const listModels = operation(
  'dispatch.list-models',
  z.object({
    of: z.object({ accountId, pool: z.string(), test: z.boolean() }).optional(),
  }),
  z.object({
    models: z.array(
      z.object({ offer: modelOffer, state: z.enum(['warm', 'cold']), isDefault: z.boolean() }),
    ),
  }),
);
