import { z } from 'zod';
import { jobStatus } from '../jobs.js';
import { instant, mediaType } from '../scalars.js';

/** Credits as a decimal string with up to 6 places. */
const credits = z.string();

/** A job as `GET /api/v1/jobs/{id}` shows it. */
export const jobResource = z
  .strictObject({
    id: z.string(),
    type: z.literal('generate'),
    status: jobStatus,
    /** Percent. */
    progress: z.int(),
    model: z.string(),
    width: z.int(),
    height: z.int(),
    steps: z.int(),
    /** Of the first image; image i was made with seed + i. */
    seed: z.int(),
    price: credits,
    charge: z.strictObject({ captured: credits, refunded: credits }).nullable(),
    outputs: z.array(
      z.strictObject({
        id: z.string(),
        url: z.string(),
        media_type: mediaType,
        width: z.int(),
        height: z.int(),
        seed: z.int(),
        expires_at: instant,
        moderation: z.strictObject({
          valid: z.boolean(),
          confidence: z.int(),
          decision_id: z.string(),
        }),
      }),
    ),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    metadata: z.record(z.string(), z.string()),
    created_at: instant,
    started_at: instant.nullable(),
    ended_at: instant.nullable(),
  })
  .meta({ id: 'Job' });
export type JobResource = z.infer<typeof jobResource>;
