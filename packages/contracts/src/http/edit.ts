import { z } from 'zod';
import {
  imageOutput,
  imageReference,
  metadata,
  modelName,
  moderation,
  priority,
  quoteId,
  range,
  seed,
  strength,
  wholeRange,
} from './fields.js';
import { text } from './text.js';
import { webhookField } from './webhooks.js';

const editFields = z.strictObject({
  prompt: text({ min: 1, max: 2000 }),
  negative_prompt: text({ min: 0, max: 1024 }).default(''),
  model: modelName.optional(),
  image: imageReference,
  /** PNG as large as the image: white is repainted, black stays. */
  mask: imageReference.optional(),
  automask: z.enum(['subject', 'background'], 'must be subject or background').optional(),
  n: wholeRange(1, 8).default(1),
  steps: wholeRange(1, 100).optional(),
  guidance: range(1, 30).default(7),
  seed,
  strength: strength.default(1),
  output: imageOutput,
  moderation,
  priority,
  quote_id: quoteId,
  ...webhookField,
  metadata: metadata.default({}),
});

/**
 * The body of `POST /api/v1/edit`: repaints a part of an image. The result is as large as the image.
 * What is repainted is said by a mask, or found by the model.
 */
export const editRequest = editFields.superRefine(requireOneArea);
export type EditRequest = z.output<typeof editRequest>;

/** The same without a quote's id: what a quote is asked for. */
export const editToQuote = editFields.omit({ quote_id: true }).superRefine(requireOneArea);

function requireOneArea(
  { mask, automask }: Pick<z.output<typeof editFields>, 'mask' | 'automask'>,
  context: z.RefinementCtx,
): void {
  if ((mask === undefined) !== (automask === undefined)) return;
  const message =
    mask === undefined
      ? 'say what to repaint: add mask (PNG, white = repaint), or automask: subject or background'
      : 'cannot be combined with automask; keep one of the two';
  context.addIssue({ code: 'custom', path: ['mask'], message });
}

/** The body of `POST /api/v1/upscale`: the same image, larger. */
export const upscaleRequest = z.strictObject({
  image: imageReference,
  /** How many times wider and higher. */
  scale: z.literal([2, 4], 'must be 2 or 4').default(2),
  model: modelName.optional(),
  output: imageOutput,
  moderation,
  priority,
  quote_id: quoteId,
  ...webhookField,
  metadata: metadata.default({}),
});
export type UpscaleRequest = z.output<typeof upscaleRequest>;

/** The same without a quote's id: what a quote is asked for. */
export const upscaleToQuote = upscaleRequest.omit({ quote_id: true });
