import { z } from 'zod';

/** A model as `GET /api/v1/models` shows it: what can be asked for now. */
export const modelResource = z.strictObject({
  name: z.string(),
  description: z.string(),
  /** Used where a request names no model. */
  default: z.boolean(),
  /** `warm` is served at once; `cold` is loaded first, which takes its time. */
  state: z.enum(['warm', 'cold']),
  operations: z.array(z.string()),
  limits: z.strictObject({
    max_width: z.int(),
    max_height: z.int(),
    /** Of videos. */
    max_seconds: z.number().optional(),
    max_fps: z.int().optional(),
  }),
  default_steps: z.int(),
  /** What one image, or `seconds` of a video, of this size costs; POST /api/v1/quotes prices a whole request. */
  price: z.strictObject({
    credits: z.string(),
    width: z.int(),
    height: z.int(),
    seconds: z.number().optional(),
    steps: z.int(),
    version: z.string(),
  }),
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
