import { readFileSync } from 'node:fs';
import { ConfigError } from '@safelight/config';
import { z } from 'zod';
import { EngineError, type EngineModel, type EngineRequest } from '../engine.js';
import { invalid } from './refusals.js';
import {
  statedDescription,
  statedFile,
  statedName,
  statedSides,
  tooLarge,
} from './stated-model.js';

/** One model of a server, as an operator describes it. */
const described = z.strictObject({
  /** As customers ask for it. */
  name: statedName,
  /** As the server calls it; the same where not said. */
  engine_name: statedFile.optional(),
  description: statedDescription,
  operations: z.array(z.enum(['generate', 'edit', 'upscale', 'video'])).min(1),
  ...statedSides,
  default_steps: z.int().min(1).max(1_000),
  gpu_seconds_per_megapixel_step: z.number().nonnegative(),
  /** GPU memory that it needs, in bytes, where somebody measured it. */
  vram_bytes: z.int().min(0).optional(),
  /** Sizes that it draws are multiples of this; others are drawn larger and scaled down. */
  size_step: z.int().min(1).max(256).optional(),
  /** `cfg`: classifier-free; `distilled`: trained in, without a negative prompt; `true_cfg`: both are there. */
  guidance: z.enum(['cfg', 'distilled', 'true_cfg']).default('cfg'),
  max_seconds: z.int().min(1).max(600).default(5),
  max_fps: z.int().min(1).max(120).default(16),
  /** Of an OpenAI-style server: how it takes the part to be repainted. */
  mask: z.enum(['none', 'transparent', 'white', 'mask_image']).default('none'),
  /** Of an OpenAI-style server: whether `negative_prompt`, steps, guidance and seed are known to it. */
  extended: z.boolean().default(true),
  /** Of an OpenAI-style server: how it takes what a video without an image is made of. */
  video_body: z.enum(['multipart', 'json']).default('multipart'),
  /** Of stable-diffusion.cpp: what it was started with, by the name that customers ask for. */
  control_net: statedFile.optional(),
  ip_adapter: statedFile.optional(),
});
export type DescribedModel = z.output<typeof described>;

const modelList = z.strictObject({
  models: z.array(described).min(1),
  /** Embeddings that were made to be put into the negative prompt, by the server's names. */
  negative_embeddings: z.array(statedFile).default([]),
});
export type ModelList = z.output<typeof modelList>;

/** @throws ConfigError that names every faulty field */
export function parseModelList(json: unknown, from: string): ModelList {
  const read = modelList.safeParse(json);
  if (!read.success)
    throw new ConfigError(`ENGINE_MODELS: ${from}:\n${z.prettifyError(read.error)}`);
  for (const model of read.data.models) {
    const large = tooLarge(model);
    if (large !== undefined)
      throw new ConfigError(`ENGINE_MODELS: ${from}: ${model.name}: ${large}`);
  }
  const names = read.data.models.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new ConfigError(`ENGINE_MODELS: ${from}: ${twice} is there twice`);
  return read.data;
}

/** @throws ConfigError where the file is missing, is no JSON or says what cannot be */
export function readModelList(path: string): ModelList {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`ENGINE_MODELS: ${path} cannot be read as JSON: ${String(error)}`);
  }
  return parseModelList(json, path);
}

/** @throws ConfigError for a model that is to do what this kind of engine cannot */
export function assertOperations(
  { models }: ModelList,
  able: readonly DescribedModel['operations'][number][],
): void {
  for (const { name, operations } of models) {
    const wrong = operations.filter((one) => !able.includes(one));
    if (wrong.length === 0) continue;
    const remedy = `leave ${wrong.join(', ')} out: this engine does ${able.join(', ')}`;
    throw new ConfigError(`ENGINE_MODELS: ${name}: ${remedy}`);
  }
}

/** A model that nobody described, by what its server says of it. */
export const undescribed = (
  told: Pick<DescribedModel, 'name' | 'description' | 'operations'> & Partial<DescribedModel>,
): DescribedModel => ({
  ...{ max_width: 2_048, max_height: 2_048, default_steps: 20 },
  gpu_seconds_per_megapixel_step: 0.5,
  ...{ guidance: 'cfg', max_seconds: 5, max_fps: 16 },
  ...{ mask: 'none', extended: true, video_body: 'multipart' },
  ...told,
});

export const engineNameOf = ({ name, engine_name: own }: DescribedModel): string => own ?? name;

/**
 * What is offered of a model.
 *
 * @param features of a request that are honoured, by their names in the public API
 * @param parts that it can use, by the server's names
 */
export function offerOf(
  model: DescribedModel,
  features: readonly string[] = [],
  parts: readonly string[] = [],
): EngineModel {
  const isVideo = model.operations.includes('video');
  return {
    ...{ name: model.name, description: model.description, operations: model.operations },
    ...{ maxWidth: model.max_width, maxHeight: model.max_height },
    ...(isVideo ? { maxSeconds: model.max_seconds, maxFps: model.max_fps } : {}),
    defaultSteps: model.default_steps,
    gpuSecondsPerMegapixelStep: model.gpu_seconds_per_megapixel_step,
    ...(model.vram_bytes !== undefined && { vramBytes: model.vram_bytes }),
    withoutNegative: model.guidance === 'distilled' || !model.extended,
    withoutAutomask: true,
    ...{ features, parts },
  };
}

/** @throws EngineError `engine.model_unknown` */
export function modelNamed(models: readonly DescribedModel[], name: string): DescribedModel {
  const model = models.find((one) => one.name === name);
  if (model) return model;
  throw new EngineError('engine.model_unknown', `this worker has no model ${name}`);
}

/** Fields beside the ones that every request has, and how a refusal calls them. */
const FIELDS = {
  automask: 'automask',
  sampler: 'sampler',
  clipSkip: 'clip_skip',
  vae: 'vae',
  loras: 'loras',
  embeddings: 'embeddings',
  references: 'ip_adapters',
  controls: 'controlnet',
  image: 'image',
  mask: 'mask',
  strength: 'strength',
  face: 'face',
} as const satisfies Partial<Record<keyof EngineRequest, string>>;
export type OptionalField = keyof typeof FIELDS;

/**
 * Nothing that was asked for is left out in silence: what an adapter has no place for is refused.
 *
 * @throws EngineError `engine.request_invalid`
 */
export function assertHonoured(
  request: EngineRequest,
  model: DescribedModel,
  honoured: ReadonlySet<OptionalField>,
): void {
  const { operation } = request;
  if (!(model.operations as readonly string[]).includes(operation)) {
    throw invalid(`${model.name} does not do ${operation}`);
  }
  for (const [field, name] of Object.entries(FIELDS) as [OptionalField, string][]) {
    const value = request[field];
    const isAsked = Array.isArray(value) ? value.length > 0 : value !== undefined;
    if (isAsked && !honoured.has(field)) {
      throw invalid(`${model.name} takes no ${name} here (${operation})`);
    }
  }
  if (model.guidance === 'distilled' && request.negativePrompt !== '') {
    throw invalid(`${model.name} takes no negative_prompt: it was distilled without one`);
  }
}
