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
  requireEndAfterStart,
  seed,
  side,
  strength,
  styleSlugs,
  wholeRange,
} from './fields.js';
import { qualityHint, resolutionHint } from '../job-spec.js';
import { samplers } from '../model-parts.js';
import { text } from './text.js';
import { webhookField } from './webhooks.js';

const atMost = (most: number) => `must have at most ${most} entries; remove some`;

const controlUnit = z
  .strictObject({
    model: modelName,
    image: imageReference,
    strength: strength.default(1),
    preprocessor: modelName.optional(),
    /** The share of the steps in which it guides. */
    guidance_start: range(0, 1).default(0),
    guidance_end: range(0, 1).default(1),
  })
  .superRefine(requireEndAfterStart);

/** Names of parts beside the model, each checked against what the model can take. */
const parts = {
  sampler: z.enum(samplers, `must be one of ${samplers.join(', ')}`).optional(),
  clip_skip: wholeRange(1, 12).optional(),
  vae: modelName.optional(),
  loras: z
    .array(z.strictObject({ model: modelName, strength: strength.default(1) }))
    .max(5, atMost(5))
    .default([]),
  embeddings: z
    .array(z.strictObject({ model: modelName }))
    .max(5, atMost(5))
    .default([]),
  ip_adapters: z
    .array(
      z.strictObject({ model: modelName, image: imageReference, strength: strength.default(1) }),
    )
    .max(1, atMost(1))
    .default([]),
  controlnet: z
    .strictObject({
      units: z
        .array(controlUnit)
        .min(1, 'must have at least one unit; leave controlnet out otherwise')
        .max(5, atMost(5)),
    })
    .optional(),
  /** In place of width and height, of a model that is priced by it. */
  resolution: resolutionHint.optional(),
  quality: qualityHint.optional(),
  /** A dedicated pool of the account's. */
  pool: modelName.optional(),
};

/** Every field of `POST /api/v1/generate`. */
export const generateFields = z.strictObject({
  prompt: text({ min: 1, max: 2000 }),
  negative_prompt: text({ min: 0, max: 1024 }).default(''),
  /** A name from the models on offer; the deployment's default otherwise. */
  model: modelName.optional(),
  /** 1024 unless a resolution is asked for. */
  width: side.optional(),
  height: side.optional(),
  n: wholeRange(1, 8).default(1),
  /** The model's default otherwise. */
  steps: wholeRange(1, 100).optional(),
  /** The model's default otherwise, which is 7 where it names none. */
  guidance: range(1, 30).optional(),
  /** -1 asks for a random one; the seed used is reported with the job. */
  seed,
  /** Preset prompt parts that combine. */
  styles: styleSlugs.default([]),
  /** What to begin with in place of noise. */
  image: imageReference.optional(),
  /** How far the image is left behind; the model's default otherwise. */
  strength: strength.optional(),
  ...parts,
  output: imageOutput,
  moderation,
  priority,
  quote_id: quoteId,
  /** `public` shows the results in `GET /api/v1/feed`, and has them checked most strictly. */
  visibility: z.enum(['private', 'public'], 'must be private or public').default('private'),
  ...webhookField,
  metadata: metadata.default({}),
});

/**
 * The body of `POST /api/v1/generate`: an image from text, or from text and an image. Unknown fields
 * are refused by name; a field that the model cannot honour is refused too, never ignored.
 */
export const generateRequest = generateFields.superRefine(requireFitting);
export type GenerateRequest = z.output<typeof generateRequest>;

/** The same without a quote's id: what a quote is asked for. */
export const generateToQuote = generateFields.omit({ quote_id: true }).superRefine(requireFitting);

type Fields = z.output<typeof generateFields>;
type Fitting = Pick<
  Fields,
  'image' | 'strength' | 'visibility' | 'ip_adapters' | 'controlnet' | 'resolution'
> &
  Partial<Pick<Fields, 'width' | 'height'>>;

function requireFitting(asked: Fitting, context: z.RefinementCtx): void {
  const { image, ip_adapters, controlnet, visibility, resolution } = asked;
  const complain = (field: keyof Fields, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  const hasPicture = image !== undefined || ip_adapters.length > 0 || controlnet !== undefined;
  if (hasPicture && visibility === 'public') {
    complain(
      'visibility',
      'must be private for what begins with an image: nobody reviews pictures yet',
    );
  }
  if (asked.strength !== undefined && image === undefined) {
    complain('strength', 'needs an image to begin with; add image, or leave strength out');
  }
  if (resolution !== undefined && (asked.width ?? asked.height) !== undefined) {
    complain('resolution', 'cannot be combined with width and height; keep one of the two');
  }
}
