import { z } from 'zod';
import { range, requireEndAfterStart, wholeRange } from '../fields.js';
import { novitaS3Storage } from '../output-storage.js';
import { text } from '../text.js';
import { webhookUrl } from '../webhooks.js';

/** Width or height in pixels; no multiple of anything is asked for. */
const side = wholeRange(128, 2048);
const name = text({ min: 1, max: 200 });
const atMost = (most: number) => `must have at most ${most} entries; remove some`;
const oneOf = <const Values extends readonly string[]>(...values: Values) =>
  z.enum(values, `must be one of ${values.join(', ')}`);

const webhook = z.strictObject({
  url: webhookUrl,
  /** Sends one mock event of this status at once. */
  test_mode: z
    .strictObject({
      enabled: z.boolean(),
      return_task_status: oneOf('TASK_STATUS_SUCCEED', 'TASK_STATUS_FAILED').default(
        'TASK_STATUS_SUCCEED',
      ),
    })
    .optional(),
});

export const novitaExtra = z
  .strictObject({
    response_image_type: oneOf('png', 'webp', 'jpeg').default('png'),
    webhook: webhook.optional(),
    custom_storage: z.strictObject({ aws_s3: novitaS3Storage }).optional(),
    enterprise_plan: z.strictObject({ enabled: z.boolean() }).optional(),
    enable_nsfw_detection: z.boolean().default(false),
    nsfw_detection_level: wholeRange(0, 2).default(0),
    /** Ours: the older answer, `{code, msg, data: {task_id}}`. */
    legacy_response: z.boolean().default(false),
  })
  .prefault({});
export type NovitaExtra = z.output<typeof novitaExtra>;

/** What every request that draws from words has. */
const words = {
  model_name: name,
  prompt: text({ min: 1, max: 1024 }),
  negative_prompt: text({ min: 0, max: 1024 }).default(''),
  image_num: wholeRange(1, 8).default(1),
  steps: wholeRange(1, 100).optional(),
  seed: wholeRange(-1, 2 ** 32 - 1).default(-1),
  guidance_scale: range(1, 30).default(7),
  sampler_name: name.optional(),
  clip_skip: wholeRange(1, 12).optional(),
  sd_vae: z.string().max(200).optional(),
  loras: z
    .array(z.strictObject({ model_name: name, strength: range(0, 1).default(1) }))
    .max(5, atMost(5))
    .default([]),
  embeddings: z
    .array(z.strictObject({ model_name: name }))
    .max(5, atMost(5))
    .default([]),
};

export const novitaTxt2img = z.strictObject({
  extra: novitaExtra,
  request: z.strictObject({
    ...words,
    width: side,
    height: side,
    hires_fix: z
      .strictObject({
        target_width: wholeRange(128, 4096),
        target_height: wholeRange(128, 4096),
        strength: range(0, 1).optional(),
        upscaler: name.optional(),
      })
      .optional(),
    refiner: z.strictObject({ switch_at: range(0, 1) }).optional(),
    restore_faces: z.boolean().default(false),
    enable_transparent_background: z.boolean().default(false),
  }),
});
export type NovitaTxt2img = z.output<typeof novitaTxt2img>;

const picture = z.string('must be a picture in base64').min(1, 'must be a picture in base64');

/** What guides the drawing beside the words: models of their own, each with its picture. */
const guides = {
  controlnet: z
    .strictObject({
      units: z
        .array(
          z
            .strictObject({
              model_name: name,
              image_base64: picture,
              strength: range(0, 1).default(1),
              preprocessor: name.optional(),
              guidance_start: range(0, 1).optional(),
              guidance_end: range(0, 1).optional(),
            })
            .superRefine(requireEndAfterStart),
        )
        .max(5, atMost(5)),
    })
    .optional(),
  ip_adapters: z
    .array(z.strictObject({ model_name: name, image_base64: picture, strength: range(0, 1) }))
    .max(1, atMost(1))
    .default([]),
};

export const novitaImg2img = z.strictObject({
  extra: novitaExtra,
  request: z.strictObject({
    ...words,
    ...guides,
    image_base64: picture,
    width: side,
    height: side,
    strength: range(0, 1).optional(),
  }),
});
export type NovitaImg2img = z.output<typeof novitaImg2img>;

export const novitaInpainting = z.strictObject({
  extra: novitaExtra,
  request: z.strictObject({
    ...words,
    image_base64: picture,
    /** PNG as large as the image: white is repainted. */
    mask_image_base64: picture,
    strength: range(0, 1).optional(),
    mask_blur: wholeRange(0, 64).optional(),
    inpainting_full_res: wholeRange(0, 1).optional(),
    inpainting_full_res_padding: wholeRange(0, 256).optional(),
    /** 1: black is repainted. */
    inpainting_mask_invert: wholeRange(0, 1).default(0),
    initial_noise_multiplier: range(0, 10).optional(),
  }),
});
export type NovitaInpainting = z.output<typeof novitaInpainting>;

export const novitaUpscale = z.strictObject({
  extra: novitaExtra,
  request: z.strictObject({
    model_name: name,
    image_base64: picture,
    scale_factor: z.literal([2, 4], 'must be 2 or 4: no model here enlarges by another factor'),
  }),
});
export type NovitaUpscale = z.output<typeof novitaUpscale>;

/** The query of `GET /v3/async/task-result`. */
export const novitaTaskQuery = z.strictObject({
  task_id: z.string('is required; add the task_id that you were given'),
});

const flag = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((value) => value === 'true')
  .optional();
export const novitaModelTypes = [
  'checkpoint',
  'lora',
  'vae',
  'controlnet',
  'upscaler',
  'textualinversion',
] as const;

/** The query of `GET /v3/model`. */
export const novitaModelQuery = z.strictObject({
  'filter.visibility': oneOf('public', 'private').optional(),
  'filter.source': oneOf('civitai', 'training', 'uploading').optional(),
  'filter.types': z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(oneOf(...novitaModelTypes)))
    .optional(),
  'filter.is_sdxl': flag,
  'filter.is_inpainting': flag,
  'filter.query': text({ min: 0, max: 200 }).optional(),
  'pagination.limit': z.coerce.number().pipe(wholeRange(1, 100)).default(20),
  'pagination.cursor': z
    .string()
    .regex(
      /^(?:c_\d{1,9})?$/,
      'is not a cursor of this list; pass pagination.next_cursor on unchanged',
    )
    .default('c_0'),
});
export type NovitaModelQuery = z.output<typeof novitaModelQuery>;
