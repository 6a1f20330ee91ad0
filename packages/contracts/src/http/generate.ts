import { z } from 'zod';
import { text } from './text.js';

const SIDE_MIN = 256;
const SIDE_MAX = 2048;
const SIDE_STEP = 8;

/** Width or height in pixels. */
const side = z
  .int(`must be a whole number of pixels, ${SIDE_MIN} to ${SIDE_MAX}`)
  .superRefine((value, context) => {
    if (value < SIDE_MIN || value > SIDE_MAX) {
      context.addIssue({
        code: 'custom',
        message: `must be from ${SIDE_MIN} to ${SIDE_MAX} pixels; this is ${value}`,
      });
    } else if (value % SIDE_STEP !== 0) {
      const below = value - (value % SIDE_STEP);
      context.addIssue({
        code: 'custom',
        message: `must be a multiple of ${SIDE_STEP}; use ${below} or ${below + SIDE_STEP}`,
      });
    }
  })
  .meta({
    description: 'Pixels',
    override: { minimum: SIDE_MIN, maximum: SIDE_MAX, multipleOf: SIDE_STEP },
  });

const range = (min: number, max: number) => {
  const message = `must be from ${min} to ${max}`;
  return z.number(message).min(min, message).max(max, message);
};

const wholeRange = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.int(message).min(min, message).max(max, message);
};

const METADATA_MAX = 16;
const metadata = z
  .record(text({ min: 1, max: 64 }), text({ min: 0, max: 512 }))
  .refine(
    (pairs) => Object.keys(pairs).length <= METADATA_MAX,
    `must have at most ${METADATA_MAX} pairs`,
  )
  .meta({
    description: 'Pairs of your own, given back with the job',
    override: { maxProperties: METADATA_MAX },
  });

/** The body of `POST /api/v1/generate`: an image from text. Unknown fields are refused by name. */
export const generateRequest = z.strictObject({
  prompt: text({ min: 1, max: 2000 }),
  negative_prompt: text({ min: 0, max: 1024 }).default(''),
  /** A name from the models on offer; the deployment's default otherwise. */
  model: text({ min: 1, max: 200 }).optional(),
  width: side.default(1024),
  height: side.default(1024),
  n: wholeRange(1, 8).default(1),
  /** The model's default otherwise. */
  steps: wholeRange(1, 100).optional(),
  guidance: range(1, 30).default(7),
  /** -1 asks for a random one; the seed used is reported with the job. */
  seed: wholeRange(-1, 2 ** 32 - 1).default(-1),
  output: z
    .strictObject({
      format: z.enum(['png', 'jpeg', 'webp'], 'must be png, jpeg or webp').default('png'),
    })
    .default({ format: 'png' }),
  moderation: z.strictObject({ level: wholeRange(0, 2).default(0) }).default({ level: 0 }),
  priority: z.enum(['standard', 'batch'], 'must be standard or batch').default('standard'),
  metadata: metadata.default({}),
});
export type GenerateRequest = z.output<typeof generateRequest>;
