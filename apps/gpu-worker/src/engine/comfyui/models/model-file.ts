import { readFileSync } from 'node:fs';
import { ConfigError } from '@safelight/config';
import { z } from 'zod';
import {
  statedDescription,
  statedFile,
  statedName,
  statedSides,
  tooLarge,
} from '../../remote/stated-model.js';
import { familyNames, familyOf } from './families.js';

const name = statedName;
/** As ComfyUI lists it: a file in one of its model folders, with the folder below where there is one. */
const file = statedFile;
const family = z.enum(familyNames);
const belongsTo = { families: z.array(family).min(1) };

const files = z.strictObject({
  checkpoint: file.optional(),
  /** The checkpoint has a vision part of its own, for picture prompts. */
  unclip: z.boolean().default(false),
  unet: file.optional(),
  /** The second half of a pair: it takes over for the later steps. */
  unet_low: file.optional(),
  weight_dtype: z.string().default('default'),
  text_encoders: z.array(file).max(3).default([]),
  vae: file.optional(),
  upscale_model: file.optional(),
});

const model = z
  .strictObject({
    name,
    description: statedDescription,
    family,
    files,
    operations: z.array(z.enum(['generate', 'edit', 'upscale', 'video'])).min(1),
    ...statedSides,
    default_steps: z.int().min(1).max(1_000),
    gpu_seconds_per_megapixel_step: z.number().nonnegative(),
    /** GPU memory that it needs, in bytes, where somebody measured it. */
    vram_bytes: z.int().min(0).optional(),
    /** What is taken where nobody asks for a sampler, by its A1111 name. */
    sampler: z.string().optional(),
    /** An edit shows the masked picture to the model too: for checkpoints trained to repaint. */
    inpainting: z.boolean().default(false),
    flow_shift: z.number().min(0).max(100).optional(),
    /** Of an upscale model: how many times larger its pictures are. */
    scale: z.int().min(1).max(8).default(4),
    /** Of a video model: whether a video can or must begin with an image. */
    image: z.enum(['none', 'optional', 'needed']).default('none'),
    /** Pictures a second where nobody says. */
    fps: z.int().min(1).max(120).default(16),
    max_seconds: z.int().min(1).max(600).default(5),
    max_fps: z.int().min(1).max(120).default(60),
  })
  .superRefine((one, context) => {
    const issue = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    for (const [path, message] of inconsistencies(one)) issue(path, message);
    const large = tooLarge(one);
    if (large !== undefined) issue('max_width', large);
  });
export type ModelDescription = z.output<typeof model>;

interface Stated {
  readonly family: (typeof familyNames)[number];
  readonly operations: readonly string[];
  readonly files: z.output<typeof files>;
}

function* inconsistencies({
  family: of,
  operations,
  files: given,
}: Stated): Generator<[string, string]> {
  const { makes, encoderTypes } = familyOf(of);
  const able = { image: ['generate', 'edit'], video: ['video'], upscale: ['upscale'] }[makes];
  const wrong = operations.filter((one) => !able.includes(one));
  if (wrong.length > 0)
    yield ['operations', `a model of family ${of} does ${able.join(', ')} only`];
  if (makes === 'upscale') {
    if (given.upscale_model === undefined) yield ['files', 'name the upscale_model'];
    return;
  }
  if ((given.checkpoint === undefined) === (given.unet === undefined)) {
    yield ['files', 'name either a checkpoint or a unet'];
  }
  const encoders = given.text_encoders.length;
  if (given.unet !== undefined && (encoders === 0 || given.vae === undefined)) {
    yield ['files', 'beside a unet, name its text_encoders and its vae'];
  }
  if (encoders > 0 && encoderTypes[encoders] === undefined) {
    yield ['files', `family ${of} has no loader for ${encoders} text encoders`];
  }
  if (given.unet_low !== undefined && (makes !== 'video' || given.unet === undefined)) {
    yield ['files', 'unet_low is the second of a pair of video unets'];
  }
}

const reference = z.discriminatedUnion('kind', [
  z.strictObject({
    ...{ name, ...belongsTo, kind: z.literal('style_model'), file, clip_vision: file },
  }),
  z.strictObject({ name, ...belongsTo, kind: z.literal('unclip') }),
]);

const modelFile = z.strictObject({
  models: z.array(model).default([]),
  loras: z.array(z.strictObject({ name, file, ...belongsTo })).default([]),
  /** `negative`: made to be put into the negative prompt. */
  embeddings: z
    .array(z.strictObject({ name, file, ...belongsTo, negative: z.boolean().default(false) }))
    .default([]),
  vaes: z.array(z.strictObject({ name, file, ...belongsTo })).default([]),
  controls: z
    .array(z.strictObject({ name, file, ...belongsTo, union_type: z.string().optional() }))
    .default([]),
  /** Core nodes know style models and unCLIP. IP-Adapter is none of the core: offer it as a workflow. */
  references: z.array(reference).default([]),
});
export type ModelFile = z.output<typeof modelFile>;
export type Reference = z.output<typeof reference>;

/** @throws ConfigError that names every faulty field */
export function parseModelFile(json: unknown, from: string): ModelFile {
  const read = modelFile.safeParse(json);
  if (!read.success) throw new ConfigError(`${from}:\n${z.prettifyError(read.error)}`);
  for (const [kind, list] of Object.entries(read.data)) {
    const names = list.map((one) => one.name);
    const twice = names.find((one, at) => names.indexOf(one) !== at);
    if (twice !== undefined) throw new ConfigError(`${from}: ${kind} has ${twice} twice`);
  }
  return read.data;
}

/** @throws ConfigError where the file is missing, is no JSON or says what cannot be */
export function readModelFile(path: string): ModelFile {
  return parseModelFile(readJson(path), path);
}

/** @throws ConfigError */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${path} cannot be read as JSON: ${String(error)}`);
  }
}
