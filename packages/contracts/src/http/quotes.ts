import { z } from 'zod';
import { instant } from '../scalars.js';
import { generateFields } from './generate.js';

/** The body of `POST /api/v1/quotes`: a submission that is only asked about. */
export const quoteRequest = z.strictObject({
  operation: z.literal('generate', 'must be generate'),
  /** Of words alone: what a picture would be screened for is known only when it is there. */
  request: generateFields.omit({ quote_id: true, image: true, strength: true }),
});
export type QuoteRequest = z.output<typeof quoteRequest>;

/** Credits as a decimal string with up to 6 places. */
const credits = z.string();

export const quoteResource = z.strictObject({
  id: z.string(),
  operation: z.literal('generate'),
  /** What the defaults come to. */
  model: z.string(),
  steps: z.int(),
  price: credits,
  lines: z.array(
    z.strictObject({ what: z.string(), quantity: z.int(), unit: credits, amount: credits }),
  ),
  price_version: z.string(),
  /** What screening would say now; the verdict that counts is given at submission. */
  policy: z.strictObject({ verdict: z.enum(['pass', 'block']) }),
  queue_position: z.int(),
  eta_seconds: z.int(),
  expires_at: instant,
});
export type QuoteResource = z.infer<typeof quoteResource>;
export const quoteAnswer = z.strictObject({ data: quoteResource, meta: z.strictObject({}) });
