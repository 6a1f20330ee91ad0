import type { EngineModel } from '../../engine.js';
import { choicesOf, type ObjectInfo } from '../client/object-info.js';
import { samplersHere } from '../graph/samplers.js';
import { pictureInputs, type Workflow } from '../workflows/manifest.js';
import { familyOf } from './families.js';
import type { ModelDescription, ModelFile } from './model-file.js';

/** What a model of the model file can do, as the agent offers it. */
export function offerOf(model: ModelDescription, all: ModelFile, info: ObjectInfo): EngineModel {
  const parts = usableParts(model, all, info);
  return {
    ...{ name: model.name, description: model.description, operations: model.operations },
    ...{ maxWidth: model.max_width, maxHeight: model.max_height },
    ...(familyOf(model.family).makes === 'video' && {
      ...{ maxSeconds: model.max_seconds, maxFps: model.max_fps },
    }),
    ...{ defaultSteps: model.default_steps },
    gpuSecondsPerMegapixelStep: model.gpu_seconds_per_megapixel_step,
    ...(model.vram_bytes !== undefined && { vramBytes: model.vram_bytes }),
    features: featuresOf(model, parts),
    samplers: samplersHere,
    ...(model.image === 'needed' && { requires: ['image' as const] }),
    withoutNegative: familyOf(model.family).guidance === 'distilled',
    withoutAutomask: true,
    parts: Object.values(parts).flatMap((list) => list.map(({ name }) => name)),
  };
}

type Parts = Readonly<
  Record<'loras' | 'embeddings' | 'vaes' | 'controls' | 'references', readonly { name: string }[]>
>;

/** The parts that were made for a model and whose files are there; embeddings are listed nowhere. */
function usableParts({ family }: ModelDescription, all: ModelFile, info: ObjectInfo): Parts {
  const { makes, embeddings } = familyOf(family);
  const fits = <P extends { families: readonly string[] }>(list: readonly P[]): P[] =>
    makes === 'upscale' ? [] : list.filter(({ families }) => families.includes(family));
  const there = (node: string, input: string, file: string): boolean =>
    choicesOf(info, node, input)?.includes(file) === true;
  return {
    loras: fits(all.loras).filter(({ file }) => there('LoraLoader', 'lora_name', file)),
    embeddings: embeddings ? fits(all.embeddings) : [],
    vaes: fits(all.vaes).filter(({ file }) => there('VAELoader', 'vae_name', file)),
    controls: fits(all.controls).filter(({ file }) =>
      there('ControlNetLoader', 'control_net_name', file),
    ),
    references: fits(all.references).filter(
      (one) =>
        one.kind === 'unclip' ||
        (there('StyleModelLoader', 'style_model_name', one.file) &&
          there('CLIPVisionLoader', 'clip_name', one.clip_vision)),
    ),
  };
}

/** The names are those of the public API. Only what there is something for is offered. */
function featuresOf(model: ModelDescription, parts: Parts): string[] {
  const family = familyOf(model.family);
  if (family.makes === 'upscale') return [];
  const able: Readonly<Record<string, boolean>> = {
    sampler: true,
    clip_skip: family.clipSkip,
    vae: parts.vaes.length > 0,
    loras: parts.loras.length > 0,
    embeddings: parts.embeddings.length > 0,
    ip_adapters: parts.references.length > 0,
    controlnet: parts.controls.length > 0,
  };
  return Object.keys(able).filter((name) => able[name] === true);
}

export function offerOfWorkflow(workflow: Workflow): EngineModel {
  const { fixed, operations } = workflow;
  return {
    ...{ name: workflow.name, description: described(workflow), operations },
    maxWidth: Math.min(fixed.width ?? Infinity, workflow.max_width),
    maxHeight: Math.min(fixed.height ?? Infinity, workflow.max_height),
    ...(operations.includes('video') && {
      maxSeconds: fixed.seconds ?? workflow.max_seconds,
      maxFps: fixed.fps ?? workflow.max_fps,
    }),
    ...{ defaultSteps: workflow.default_steps },
    gpuSecondsPerMegapixelStep: workflow.gpu_seconds_per_megapixel_step,
    ...(workflow.vram_bytes !== undefined && { vramBytes: workflow.vram_bytes }),
    features: workflow.inputs.has('sampler') ? ['sampler'] : [],
    samplers: samplersHere,
    requires: pictureInputs.filter((role) => workflow.inputs.has(role)),
    withoutNegative: !workflow.inputs.has('negative_prompt'),
    withoutAutomask: true,
    parts: [],
  };
}

/** A limit cannot say that less is refused too: words do. */
function described({ description, fixed, deterministic }: Workflow): string {
  const stands = Object.entries(fixed).map(([name, value]) => `${name} ${value}`);
  const told = stands.length > 0 ? [`Its own, and no other: ${stands.join(', ')}.`] : [];
  const same = deterministic ? ['Every seed gives the same.'] : [];
  return [description, ...told, ...same].join(' ');
}

/** The files of a model that a ComfyUI does not have. */
export function missingFiles({ files }: ModelDescription, info: ObjectInfo): string[] {
  const loader = files.unclip ? 'unCLIPCheckpointLoader' : 'CheckpointLoaderSimple';
  const wanted: readonly (readonly [string | undefined, string, string])[] = [
    [files.checkpoint, loader, 'ckpt_name'],
    [files.unet, 'UNETLoader', 'unet_name'],
    [files.unet_low, 'UNETLoader', 'unet_name'],
    ...files.text_encoders.map((name) => [name, 'CLIPLoader', 'clip_name'] as const),
    [files.vae, 'VAELoader', 'vae_name'],
    [files.upscale_model, 'UpscaleModelLoader', 'model_name'],
  ];
  return wanted.flatMap(([file, node, input]) => {
    if (file === undefined) return [];
    return choicesOf(info, node, input)?.includes(file) === true ? [] : [file];
  });
}
