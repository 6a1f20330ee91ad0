import { z } from 'zod';
import { qualityHint, resolutionHint } from '../job-spec.js';
import { samplers } from '../model-parts.js';
import { instant } from '../scalars.js';

export const partKinds = ['lora', 'embedding', 'vae', 'controlnet', 'ip_adapter'] as const;
export type PartKind = (typeof partKinds)[number];

const whole = z.int().nullable();

/** The most and the least of a request; `null`: nothing narrower than the API's own range is known. */
const modelLimits = z.strictObject({
  min_width: z.int(),
  min_height: z.int(),
  max_width: z.int(),
  max_height: z.int(),
  max_pixels: whole,
  min_steps: z.int(),
  max_steps: z.int(),
  max_images: z.int(),
  samplers: z.array(z.enum(samplers)).nullable(),
  /** Of videos. */
  max_seconds: z.number().optional(),
  max_fps: z.int().optional(),
});

/** What a request can name beside a model, in the field of its kind. */
const partResource = z.strictObject({
  kind: z.enum(partKinds),
  name: z.string(),
  description: z.string(),
  /** Of a ControlNet: what can be made of its image first. */
  preprocessors: z.array(z.string()),
  licence: z.string().nullable(),
});
export type PartResource = z.infer<typeof partResource>;

/** A model as `GET /api/v1/models` shows it: what can be asked for now. */
export const modelResource = z.strictObject({
  name: z.string(),
  description: z.string(),
  /** Used where a request names no model. */
  default: z.boolean(),
  /** `warm` is served at once; `cold` is loaded first, which takes its time. */
  state: z.enum(['warm', 'cold']),
  operations: z.array(z.string()),
  /** What it is a descendant of; a LoRA of another base does not fit. `null`: nobody says. */
  base: z.string().nullable(),
  /** Further fields of a request that it honours; whatever is not among them is refused by name. */
  features: z.array(z.string()),
  limits: modelLimits,
  default_steps: z.int(),
  defaults: z.strictObject({
    guidance: z.number().nullable(),
    sampler: z.enum(samplers).nullable(),
    strength: z.number().nullable(),
  }),
  /** Values of `resolution` and `quality` that it is priced by. */
  resolutions: z.array(resolutionHint),
  qualities: z.array(qualityHint),
  /** What fits it, of what is on offer. */
  parts: z.array(partResource),
  /** `null` where the deployment's catalogue does not know the model. */
  content_class: z.literal('general').nullable(),
  price_class: z.string().nullable(),
  licence: z.string().nullable(),
  /** From when on another model should be used, and from when on this one is refused. */
  deprecated_at: instant.nullable(),
  sunset_at: instant.nullable(),
  successor: z.string().nullable(),
  /**
   * What one image, or `seconds` of a video, of this size costs; `null` while the price book in force
   * does not sell that. POST /api/v1/quotes prices a whole request.
   */
  price: z
    .strictObject({
      credits: z.string(),
      width: z.int(),
      height: z.int(),
      seconds: z.number().optional(),
      steps: z.int(),
      version: z.string(),
    })
    .nullable(),
});
export type ModelResource = z.infer<typeof modelResource>;

/** A style as `GET /api/v1/styles` shows it, with the very words that it adds. */
export const styleResource = z.strictObject({
  slug: z.string(),
  name: z.string(),
  prompt: z.string(),
  negative_prompt: z.string(),
});
export type StyleResource = z.infer<typeof styleResource>;

/** The answers of `GET /api/v1/models` and `GET /api/v1/styles`. */
export const modelsAnswer = z.strictObject({
  data: z.array(modelResource),
  meta: z.strictObject({
    next_cursor: z.null(),
    /** Where outputs can be copied to by `output.storage`; `null`: it cannot be told now. */
    output_storage: z.array(z.literal('s3')).nullable(),
  }),
});
export const stylesAnswer = z.strictObject({
  data: z.array(styleResource),
  meta: z.strictObject({ next_cursor: z.null() }),
});
