import type { EngineModel } from '../../engine.js';
import { choicesOf, type ObjectInfo } from '../client/object-info.js';
import type { Workflow } from '../workflows/manifest.js';
import { familyOf } from './families.js';
import type { ModelDescription, ModelFile } from './model-file.js';

/** What a model of the model file can do, as the agent offers it. */
export function offerOf(model: ModelDescription, parts: ModelFile): EngineModel {
  return {
    ...{ name: model.name, description: model.description, operations: model.operations },
    ...{ maxWidth: model.max_width, maxHeight: model.max_height },
    ...{ defaultSteps: model.default_steps },
    gpuSecondsPerMegapixelStep: model.gpu_seconds_per_megapixel_step,
    features: featuresOf(model, parts),
  };
}

/** The names are those of the public API. Only what there is something for is offered. */
function featuresOf(model: ModelDescription, parts: ModelFile): string[] {
  const family = familyOf(model.family);
  if (family.makes === 'upscale') return [];
  const fits = (list: readonly { families: readonly string[] }[]): boolean =>
    list.some(({ families }) => families.includes(model.family));
  const able: Readonly<Record<string, boolean>> = {
    sampler: true,
    clip_skip: family.clipSkip,
    vae: fits(parts.vaes),
    loras: fits(parts.loras),
    embeddings: family.embeddings && fits(parts.embeddings),
    ip_adapters: fits(parts.references),
    controlnet: fits(parts.controls),
  };
  return Object.keys(able).filter((name) => able[name] === true);
}

export function offerOfWorkflow(workflow: Workflow): EngineModel {
  return {
    ...{ name: workflow.name, description: workflow.description },
    ...{ operations: workflow.operations },
    ...{ maxWidth: workflow.max_width, maxHeight: workflow.max_height },
    ...{ defaultSteps: workflow.default_steps },
    gpuSecondsPerMegapixelStep: workflow.gpu_seconds_per_megapixel_step,
    features: workflow.inputs.has('sampler') ? ['sampler'] : [],
  };
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
