import { z } from 'zod';
import { range, side, styleSlugs, wholeRange } from '../fields.js';
import { text } from '../text.js';
import { webhookUrl } from '../webhooks.js';

/** Clients of this dialect send `null` for what they leave to the server. */
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

const SIZE = /^(\d{1,5})x(\d{1,5})$/;

/** `1024x1536`, or `auto`. */
const size = z
  .string()
  .transform((value, context) => {
    if (value === 'auto') return undefined;
    const [, width, height] = SIZE.exec(value) ?? [];
    const parsed = z.tuple([side, side]).safeParse([Number(width), Number(height)]);
    if (parsed.success && width !== undefined) {
      const [w, h] = parsed.data;
      return { width: w, height: h };
    }
    const message =
      'must be auto, or width x height in pixels such as 1024x1024, each from 256 to 2048 and a multiple of 8';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  })
  .meta({ override: { type: 'string', pattern: '^(auto|\\d{3,4}x\\d{3,4})$' } });

const oneOf = <const Values extends readonly string[]>(...values: Values) =>
  z.enum(values, `must be one of ${values.join(', ')}`);

const off = (what: string) =>
  z.literal([false, 0], `${what} is not offered here; leave it out, or poll the job`);

/** What both requests of the dialect have. Unknown fields are refused by name. */
const common = {
  /** As long as the longest that these clients are told they may send to a diffusion model. */
  prompt: text({ min: 1, max: 4000 }),
  model: optional(text({ min: 1, max: 200 })),
  n: optional(wholeRange(1, 8)),
  size: optional(size),
  response_format: optional(oneOf('url', 'b64_json')),
  output_format: optional(oneOf('png', 'jpeg', 'webp')),
  quality: optional(oneOf('auto', 'low', 'medium', 'high', 'standard', 'hd')),
  /** The client's own name for its end user; kept with the job. */
  user: optional(text({ min: 1, max: 512 })),
  safety_identifier: optional(text({ min: 1, max: 512 })),
  background: optional(oneOf('auto', 'opaque', 'transparent')),
  output_compression: optional(wholeRange(0, 100)),
  moderation: optional(oneOf('auto', 'low')),
  stream: optional(off('a stream of partial pictures')),
  partial_images: optional(off('a stream of partial pictures')),
};

/** Settings of the native API that this dialect has no fields of its own for. */
const additionalSettings = z.strictObject({
  negative_prompt: text({ min: 0, max: 1024 }).optional(),
  steps: wholeRange(1, 100).optional(),
  guidance: range(1, 30).optional(),
  seed: wholeRange(-1, 2 ** 32 - 1).optional(),
  styles: styleSlugs.optional(),
});

/** The body of `POST /v1/images/generations`: OpenAI's fields, and those of the callback form. */
export const imagesGenerateRequest = z
  .strictObject({
    ...common,
    style: optional(oneOf('vivid', 'natural')),
    image_width: optional(side),
    image_height: optional(side),
    resolution: optional(oneOf('1k', '2k')),
    /** Where to tell of the end; the request is answered at once then. */
    callback_url: optional(webhookUrl),
    additional_settings: optional(additionalSettings),
  })
  .superRefine((body, context) => {
    const own = body.image_width ?? body.image_height ?? body.resolution;
    if (body.size === undefined || own === undefined) return;
    const message = 'cannot be combined with image_width, image_height or resolution; keep one';
    context.addIssue({ code: 'custom', path: ['size'], message });
  });
export type ImagesGenerateRequest = z.output<typeof imagesGenerateRequest>;

/** Everything in a form is text. */
function fromForm(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const numbers = ['n', 'output_compression', 'partial_images'];
  return Object.fromEntries(
    Object.entries(body).map(([name, value]: [string, unknown]) => {
      if (numbers.includes(name) && typeof value === 'string') return [name, Number(value)];
      if (name === 'stream' && value === 'false') return [name, false];
      return name === 'image[]' ? ['image', value] : [name, value];
    }),
  );
}

const file = z.string('must be one file: a PNG, JPEG or WebP').min(1, 'must not be empty');

/** The form of `POST /v1/images/edits`; files as base64. */
export const imagesEditRequest = z.preprocess(
  fromForm,
  z.strictObject({
    ...common,
    image: file,
    /** PNG as large as the image: what is transparent is repainted. */
    mask: file.optional(),
    input_fidelity: optional(oneOf('high', 'low')),
  }),
);
export type ImagesEditRequest = z.output<typeof imagesEditRequest>;

const jobState = z.enum(['processing', 'completed', 'failed']);
/** RFC 3339. */
const instant = z.iso.datetime();

/** 200 of both requests: OpenAI's answer and that of the other form in one. */
export const imagesAnswer = z.strictObject({
  /** Unix seconds. */
  created: z.int(),
  data: z.array(z.strictObject({ url: z.string().optional(), b64_json: z.string().optional() })),
  job_id: z.string(),
  status: z.literal('completed'),
  /** Of the first picture. */
  url: z.string(),
  /** Seconds from when a worker began to the end. */
  generation_time: z.number(),
  /** The model that made the picture, whatever name was asked for. */
  model: z.string(),
  size: z.string(),
  output_format: z.string(),
  /** Fields of the request that this deployment accepted and could not honour. */
  not_honoured: z.array(z.string()).optional(),
});
export type ImagesAnswer = z.infer<typeof imagesAnswer>;

/** 202: the job goes on. */
export const imagesAccepted = z.strictObject({
  job_id: z.string(),
  status: z.literal('processing'),
  status_url: z.string(),
  webhook_url: z.string().nullable(),
  created_at: instant,
  not_honoured: z.array(z.string()).optional(),
});
export type ImagesAccepted = z.infer<typeof imagesAccepted>;

/** `GET /v1/images/generation/jobs/{job_id}`. */
export const imagesJob = z.strictObject({
  job_id: z.string(),
  status: jobState,
  /** Of the first picture. */
  image_url: z.string().nullable(),
  image_urls: z.array(z.string()),
  model: z.string(),
  created_at: instant,
  completed_at: instant.nullable(),
  /** Seconds. */
  generation_time: z.number().nullable(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  not_honoured: z.array(z.string()).optional(),
});
export type ImagesJob = z.infer<typeof imagesJob>;

/** Every refusal of this dialect, as OpenAI's clients read it. */
export const imagesError = z.strictObject({
  error: z.looseObject({
    message: z.string(),
    type: z.string(),
    code: z.string(),
    param: z.string().nullable(),
    request_id: z.string(),
  }),
});
