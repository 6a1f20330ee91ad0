import { z } from 'zod';
import { prefixedId } from '../scalars.js';
import { s3Storage } from './output-storage.js';
import { text } from './text.js';

const SIDE_MIN = 256;
const SIDE_MAX = 2048;
const SIDE_STEP = 8;

/** Width or height in pixels. */
export const side = z
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

export const range = (min: number, max: number) => {
  const message = `must be from ${min} to ${max}`;
  return z.number(message).min(min, message).max(max, message);
};

export const wholeRange = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.int(message).min(min, message).max(max, message);
};

const STYLES_MAX = 8;
/** Slugs of `GET /api/v1/styles`; whether they are there is looked up where the styles are. */
export const styleSlugs = z
  .array(text({ min: 1, max: 64 }))
  .max(STYLES_MAX, `must name at most ${STYLES_MAX} styles`)
  .refine((slugs) => new Set(slugs).size === slugs.length, 'must name each style once');

const METADATA_MAX = 16;
/** A client's own notes on a job. */
export const metadata = z
  .record(text({ min: 1, max: 64 }), text({ min: 0, max: 512 }))
  .refine(
    (pairs) => Object.keys(pairs).length <= METADATA_MAX,
    `must have at most ${METADATA_MAX} pairs`,
  )
  .meta({
    description: 'Pairs of your own, given back with the job',
    override: { maxProperties: METADATA_MAX },
  });

/** A name from the models on offer. */
export const modelName = text({ min: 1, max: 200 });

/** -1 asks for a random one; the seed used is reported with the job. */
export const seed = wholeRange(-1, 2 ** 32 - 1).default(-1);

export const imageOutput = z
  .strictObject({
    format: z.enum(['png', 'jpeg', 'webp'], 'must be png, jpeg or webp').default('png'),
    storage: z.strictObject({ s3: s3Storage }).optional(),
  })
  .default({ format: 'png' });

export const moderation = z
  .strictObject({ level: wholeRange(0, 2).default(0) })
  .default({ level: 0 });

export const priority = z
  .enum(['standard', 'batch'], 'must be standard or batch')
  .default('standard');

/** Of `POST /api/v1/quotes` for this very request, within ten minutes: its price holds. */
export const quoteId = prefixedId('qte').optional();

/** 0 keeps the image, 1 ignores it. */
export const strength = range(0, 1);

/** Of what guides a drawing in a share of its steps. */
export function requireEndAfterStart(
  { guidance_start: start = 0, guidance_end: end = 1 }: Guided,
  context: z.RefinementCtx,
): void {
  if (start < end) return;
  const message = `must be above guidance_start, which is ${start}`;
  context.addIssue({ code: 'custom', path: ['guidance_end'], message });
}
interface Guided {
  readonly guidance_start?: number | undefined;
  readonly guidance_end?: number | undefined;
}

/**
 * A picture in a request: base64 on one line, the id of an upload, or an https URL. Which of them it
 * is, and whether it is a picture at all, is found out when it is taken in.
 */
export const imageReference = z
  .string('must be a picture in base64, the id of an upload, or an https URL')
  .min(1, 'must be a picture in base64, the id of an upload, or an https URL');
