import { invalid } from '../../remote/refusals.js';
import { partNamed, type Draft, type Loaded } from './draft.js';
import type { Link } from './graph.js';

/** The model with everything that changes it: VAE, LoRAs, clip skip, flow shift. */
export function loadModel(draft: Draft): Loaded {
  return withShift(draft, withClipSkip(draft, withLoras(draft, withVae(draft, filesOf(draft)))));
}

function filesOf(draft: Draft): Omit<Loaded, 'vae'> & { vae: Link | undefined } {
  const { graph, model } = draft;
  const { checkpoint, unclip, unet, unet_low: low, vae } = model.files;
  if (checkpoint !== undefined) {
    const loader = unclip ? 'unCLIPCheckpointLoader' : 'CheckpointLoaderSimple';
    const id = graph.add(loader, { ckpt_name: checkpoint });
    const separate = model.files.text_encoders.length > 0;
    return {
      model: [id, 0],
      clip: separate ? encodersOf(draft) : [id, 1],
      vae: vae === undefined ? [id, 2] : undefined,
      ...(unclip ? { vision: [id, 3] as const } : {}),
    };
  }
  const load = (name: string | undefined): Link =>
    graph.link('UNETLoader', { unet_name: name, weight_dtype: model.files.weight_dtype });
  return {
    model: load(unet),
    ...(low === undefined ? {} : { modelLow: load(low) }),
    ...{ clip: encodersOf(draft), vae: undefined },
  };
}

function encodersOf({ graph, model, family }: Draft): Link {
  const { text_encoders: names } = model.files;
  const type = family.encoderTypes[names.length];
  const [first, second, third] = names;
  if (names.length === 1) return graph.link('CLIPLoader', { clip_name: first, type });
  const pair = { clip_name1: first, clip_name2: second };
  if (names.length === 2) return graph.link('DualCLIPLoader', { ...pair, type });
  return graph.link('TripleCLIPLoader', { ...pair, clip_name3: third });
}

function withVae(draft: Draft, loaded: ReturnType<typeof filesOf>): Loaded {
  const { graph, request, model, parts } = draft;
  const asked =
    request.vae === undefined ? undefined : partNamed(parts.vaes, request.vae, 'VAE', draft).file;
  const name = asked ?? model.files.vae;
  if (name === undefined && loaded.vae !== undefined) return { ...loaded, vae: loaded.vae };
  return { ...loaded, vae: graph.link('VAELoader', { vae_name: name }) };
}

function withLoras(draft: Draft, loaded: Loaded): Loaded {
  const { graph, request, family, parts } = draft;
  let { model, modelLow, clip } = loaded;
  for (const { model: name, strength } of request.loras ?? []) {
    const { file } = partNamed(parts.loras, name, 'LoRA', draft);
    if (family.loraNode === 'LoraLoaderModelOnly') {
      const patched = (on: Link): Link =>
        graph.link('LoraLoaderModelOnly', { model: on, lora_name: file, strength_model: strength });
      model = patched(model);
      modelLow = modelLow && patched(modelLow);
      continue;
    }
    const strengths = { strength_model: strength, strength_clip: strength };
    const id = graph.add('LoraLoader', { model, clip, lora_name: file, ...strengths });
    [model, clip] = [
      [id, 0],
      [id, 1],
    ];
  }
  return { ...loaded, model, clip, ...(modelLow ? { modelLow } : {}) };
}

function withClipSkip({ graph, request, model, family }: Draft, loaded: Loaded): Loaded {
  const { clipSkip } = request;
  if (clipSkip === undefined) return loaded;
  if (!family.clipSkip) {
    throw invalid(`clip_skip has no meaning for ${model.name}: its text encoder is no CLIP alone`);
  }
  const inputs = { clip: loaded.clip, stop_at_clip_layer: -clipSkip };
  return { ...loaded, clip: graph.link('CLIPSetLastLayer', inputs) };
}

function withShift({ graph, model, family }: Draft, loaded: Loaded): Loaded {
  const { flow_shift: shift } = model;
  const { shiftNode } = family;
  if (shift === undefined || shiftNode === undefined) return loaded;
  const shifted = (on: Link): Link => graph.link(shiftNode, { model: on, shift });
  const { modelLow } = loaded;
  return {
    ...loaded,
    model: shifted(loaded.model),
    ...(modelLow ? { modelLow: shifted(modelLow) } : {}),
  };
}
