import { z } from 'zod';
import { range, wholeRange } from '../generate.js';
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

/** The answer to every request that makes a task. */
export const novitaAccepted = z.strictObject({ task_id: z.string() });
/** The same where `extra.legacy_response` asks for the older form. */
export const novitaLegacyAccepted = z.strictObject({
  code: z.literal(0),
  msg: z.literal(''),
  data: novitaAccepted,
});

export const novitaTaskQuery = z.strictObject({
  task_id: z.string('is required; add the task_id that you were given'),
});

export const novitaTaskResult = z.strictObject({
  extra: z.strictObject({
    /** A number as text. */
    seed: z.string(),
    enable_nsfw_detection: z.boolean(),
    debug_info: z.strictObject({
      /** JSON: what was drawn, with the name of the model that drew it. */
      request_info: z.string(),
      submit_time_ms: z.string(),
      execute_time_ms: z.string(),
      complete_time_ms: z.string(),
    }),
    /** Ours: the model that made the pictures, whatever name was asked for. */
    model_name: z.string(),
    /** Ours: fields of the request that this deployment accepted and could not honour. */
    not_honoured: z.array(z.string()).optional(),
  }),
  task: z.strictObject({
    task_id: z.string(),
    task_type: z.enum(['TXT_TO_IMG', 'IMG_TO_IMG', 'INPAINTING', 'UPSCALE', 'OTHER']),
    status: z.enum([
      'TASK_STATUS_QUEUED',
      'TASK_STATUS_PROCESSING',
      'TASK_STATUS_SUCCEED',
      'TASK_STATUS_FAILED',
    ]),
    /** Why it failed; empty otherwise. */
    reason: z.string(),
    /** Seconds; 0 where nothing can be said. */
    eta: z.int(),
    progress_percent: z.int(),
  }),
  images: z.array(
    z.strictObject({
      image_url: z.string(),
      /** Seconds as text. */
      image_url_ttl: z.string(),
      image_type: z.enum(['png', 'jpeg', 'webp']),
      nsfw_detection_result: z
        .strictObject({ valid: z.boolean(), confidence: z.number() })
        .optional(),
    }),
  ),
  videos: z.array(z.never()),
});
export type NovitaTaskResult = z.infer<typeof novitaTaskResult>;

const flag = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((value) => value === 'true')
  .optional();
const modelTypes = [
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
    .pipe(z.array(oneOf(...modelTypes)))
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

/** A model of this deployment; what there is nothing to say about is empty. */
const novitaModel = z.strictObject({
  id: z.int(),
  name: z.string(),
  /** What to send as `model_name`. */
  sd_name: z.string(),
  sd_name_in_api: z.string(),
  type: z.strictObject({ name: z.enum(modelTypes), display_name: z.string() }),
  categories: z.array(z.string()),
  /** 1: on offer. */
  status: z.literal(1),
  tags: z.array(z.string()),
  source: z.string(),
  base_model: z.string(),
  base_model_type: z.string(),
  hash_sha256: z.string(),
  cover_url: z.string(),
  download_url: z.string(),
  download_url_ttl: z.literal(0),
});
export const novitaModels = z.strictObject({
  models: z.array(novitaModel),
  /** `next_cursor` is empty on the last page. */
  pagination: z.strictObject({ next_cursor: z.string() }),
});
export type NovitaModels = z.infer<typeof novitaModels>;

/** Every refusal of this dialect. */
export const novitaError = z.strictObject({
  code: z.int(),
  reason: z.string(),
  message: z.string(),
  metadata: z.record(z.string(), z.string()),
});
