import { z } from 'zod';
import { novitaModelTypes } from './novita.js';

/** The answer to every request that makes a task. */
export const novitaAccepted = z.strictObject({ task_id: z.string() });
/** The same where `extra.legacy_response` asks for the older form. */
export const novitaLegacyAccepted = z.strictObject({
  code: z.literal(0),
  msg: z.literal(''),
  data: novitaAccepted,
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
  videos: z.array(
    z.strictObject({
      video_url: z.string(),
      video_url_ttl: z.string(),
      video_type: z.literal('mp4'),
    }),
  ),
});
export type NovitaTaskResult = z.infer<typeof novitaTaskResult>;

/** A model of this deployment; what there is nothing to say about is empty. */
const novitaModel = z.strictObject({
  id: z.int(),
  name: z.string(),
  /** What to send as `model_name`. */
  sd_name: z.string(),
  sd_name_in_api: z.string(),
  type: z.strictObject({ name: z.enum(novitaModelTypes), display_name: z.string() }),
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
