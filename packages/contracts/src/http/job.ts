import { z } from 'zod';
import { inputRole } from '../job-spec.js';
import { jobStatus } from '../jobs.js';
import { outputStorage } from './output-storage.js';
import { instant, jobOperation, outputMediaType } from '../scalars.js';

/** Credits as a decimal string with up to 6 places. */
const credits = z.string();

/** A job as `GET /api/v1/jobs/{id}` shows it. */
export const jobResource = z
  .strictObject({
    id: z.string(),
    type: jobOperation,
    status: jobStatus,
    visibility: z.enum(['private', 'public']),
    /** Made with a test key: nothing was charged. */
    test: z.boolean(),
    /** Percent. */
    progress: z.int(),
    model: z.string(),
    width: z.int(),
    height: z.int(),
    steps: z.int(),
    /** Of a video, and only there. */
    seconds: z.number().optional(),
    fps: z.int().optional(),
    /** Of the first image; image i was made with seed + i. */
    seed: z.int(),
    price: credits,
    charge: z.strictObject({ captured: credits, refunded: credits }).nullable(),
    outputs: z.array(
      z.strictObject({
        id: z.string(),
        url: z.string(),
        media_type: outputMediaType,
        width: z.int(),
        height: z.int(),
        seed: z.int(),
        expires_at: instant,
        moderation: z.strictObject({
          valid: z.boolean(),
          confidence: z.int(),
          decision_id: z.string(),
        }),
        /** Only where the request asked for `output.storage`. */
        storage: outputStorage.optional(),
      }),
    ),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    metadata: z.record(z.string(), z.string()),
    /** The pictures that it began with; never the pictures themselves. */
    inputs: z.array(z.strictObject({ role: inputRole, width: z.int(), height: z.int() })),
    /** The failed job that this one is made again of. */
    retry_of: z.string().nullable(),
    /** When its inputs and outputs were deleted; nothing of them is left. */
    deleted_at: instant.nullable(),
    created_at: instant,
    started_at: instant.nullable(),
    ended_at: instant.nullable(),
  })
  .meta({ id: 'Job' });
export type JobResource = z.infer<typeof jobResource>;

/** Absent where there is nothing to warn of: that the model will be withdrawn, say. */
export const apiWarnings = z
  .array(z.strictObject({ code: z.string(), message: z.string() }))
  .optional();
export type ApiWarning = NonNullable<z.infer<typeof apiWarnings>>[number];

/** The answer to a request that made a job. */
export const acceptedAnswer = z
  .strictObject({
    data: z.strictObject({ id: z.string(), status: jobStatus }),
    meta: z.strictObject({
      poll_url: z.string(),
      credits_remaining: credits,
      price: credits,
      eta_seconds: z.int(),
      /** Nine of ten such jobs are done by then. */
      eta_p90_seconds: z.int().nullable(),
      queue_position: z.int(),
      /** Of the webhook that the request itself asked for. */
      webhook_id: z.string().optional(),
      warnings: apiWarnings,
    }),
  })
  .meta({ id: 'AcceptedJob' });
export const jobAnswer = z
  .strictObject({
    data: jobResource,
    /** Of a job that waits or runs, as it looks now; absent where that cannot be told. */
    meta: z.strictObject({
      warnings: apiWarnings,
      eta_seconds: z.int().optional(),
      /** Nine of ten such jobs are done by then. */
      eta_p90_seconds: z.int().optional(),
      queue_position: z.int().optional(),
    }),
  })
  .meta({ id: 'OneJob' });
