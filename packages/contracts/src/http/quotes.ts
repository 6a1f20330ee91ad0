import { z } from 'zod';
import { instant, jobOperation } from '../scalars.js';
import { priceLineResource } from './charge.js';
import { editToQuote, upscaleToQuote } from './edit.js';
import { faceSwapToQuote, faceSwapVideoToQuote } from './faces.js';
import { apiWarnings } from './job.js';
import { generateToQuote } from './generate.js';
import { videoToQuote } from './video.js';

/** The body of `POST /api/v1/quotes`: a submission that is only asked about. */
export const quoteRequest = z.discriminatedUnion(
  'operation',
  [
    z.strictObject({ operation: z.literal('generate'), request: generateToQuote }),
    z.strictObject({ operation: z.literal('edit'), request: editToQuote }),
    z.strictObject({ operation: z.literal('upscale'), request: upscaleToQuote }),
    z.strictObject({ operation: z.literal('video'), request: videoToQuote }),
    z.strictObject({ operation: z.literal('face-swap'), request: faceSwapToQuote }),
    z.strictObject({ operation: z.literal('face-swap-video'), request: faceSwapVideoToQuote }),
  ],
  `must be one of ${jobOperation.options.join(', ')}, which are for sale`,
);
export type QuoteRequest = z.output<typeof quoteRequest>;

/** Credits as a decimal string with up to 6 places. */
const credits = z.string();

export const quoteResource = z.strictObject({
  id: z.string(),
  operation: jobOperation,
  /** What the defaults come to. */
  model: z.string(),
  steps: z.int(),
  price: credits,
  lines: z.array(priceLineResource),
  price_version: z.string(),
  /**
   * What screening would say of the words now. Pictures are looked at when they are submitted, and
   * the verdict that counts is given then.
   */
  policy: z.strictObject({ verdict: z.enum(['pass', 'block']) }),
  queue_position: z.int(),
  eta_seconds: z.int(),
  /** Nine of ten such jobs are done by then. */
  eta_p90_seconds: z.int().nullable(),
  expires_at: instant,
});
export type QuoteResource = z.infer<typeof quoteResource>;
export const quoteAnswer = z.strictObject({
  data: quoteResource,
  meta: z.strictObject({ warnings: apiWarnings }),
});
