import { invalid } from '../../remote/refusals.js';
import { partNamed, type Conditions, type Draft, type Loaded } from './draft.js';
import type { Link } from './graph.js';

/** What the sampler is told: words, guidance, pictures to look like, pictures to follow. */
export function conditionsOf(draft: Draft, loaded: Loaded): Conditions {
  return withControls(draft, loaded, withReferences(draft, loaded, wordsOf(draft, loaded)));
}

function wordsOf(draft: Draft, { clip }: Loaded): Conditions {
  const { graph, request, model, family } = draft;
  const added = embeddingsOf(draft);
  const encoded = (text: string): Link => graph.link('CLIPTextEncode', { text, clip });
  const positive = encoded([plain(request.prompt), ...added.positive].join(', '));
  if (family.guidance === 'cfg') {
    const words = [plain(request.negativePrompt), ...added.negative].filter((word) => word !== '');
    return { positive, negative: encoded(words.join(', ')) };
  }
  if (request.negativePrompt !== '') {
    throw invalid(`${model.name} takes no negative_prompt: it was distilled without one`);
  }
  const { guidance } = request;
  return {
    positive: graph.link('FluxGuidance', { conditioning: positive, guidance }),
    negative: graph.link('ConditioningZeroOut', { conditioning: positive }),
  };
}

function embeddingsOf(draft: Draft): { positive: string[]; negative: string[] } {
  const { request, model, family, parts } = draft;
  const words = { positive: [] as string[], negative: [] as string[] };
  for (const name of request.embeddings ?? []) {
    if (!family.embeddings) throw invalid(`${model.name} takes no embeddings`);
    const { file, negative } = partNamed(parts.embeddings, name, 'embedding', draft);
    words[negative ? 'negative' : 'positive'].push(`embedding:${file}`);
  }
  return words;
}

/**
 * The words of a customer name no file of ours: ComfyUI would take `embedding:name` for one of its
 * embeddings, which are asked for by a field of their own.
 */
export const plain = (text: string): string => text.replace(/embedding:/gi, 'embedding ');

function withReferences(draft: Draft, loaded: Loaded, words: Conditions): Conditions {
  const { graph, request, model, parts, pictures } = draft;
  let { positive } = words;
  for (const [at, { model: name, strength }] of (request.references ?? []).entries()) {
    const part = partNamed(parts.references, name, 'image prompt', draft);
    const image = loadImage(draft, pictures.references[at]?.name);
    const vision =
      part.kind === 'unclip'
        ? loaded.vision
        : graph.link('CLIPVisionLoader', { clip_name: part.clip_vision });
    if (vision === undefined) throw invalid(`${model.name} cannot look at a picture by unCLIP`);
    const crop = { clip_vision: vision, image, crop: 'center' };
    const seen = graph.link('CLIPVisionEncode', crop);
    const on = { conditioning: positive, clip_vision_output: seen, strength };
    if (part.kind === 'unclip') {
      positive = graph.link('unCLIPConditioning', { ...on, noise_augmentation: 0 });
      continue;
    }
    const style = graph.link('StyleModelLoader', { style_model_name: part.file });
    const inputs = { ...on, style_model: style, strength_type: 'multiply' };
    positive = graph.link('StyleModelApply', inputs);
  }
  return { ...words, positive };
}

function withControls(draft: Draft, { vae }: Loaded, words: Conditions): Conditions {
  const { graph, request, family, parts, pictures } = draft;
  let { positive, negative } = words;
  for (const [at, unit] of (request.controls ?? []).entries()) {
    const part = partNamed(parts.controls, unit.model, 'ControlNet', draft);
    const loader = graph.link('ControlNetLoader', { control_net_name: part.file });
    const union = { control_net: loader, type: part.union_type };
    const net =
      part.union_type === undefined ? loader : graph.link('SetUnionControlNetType', union);
    const image = prepared(draft, loadImage(draft, pictures.controls[at]?.name), unit.preprocessor);
    const { strength, start, end } = unit;
    const id = graph.add('ControlNetApplyAdvanced', {
      ...{ positive, negative, control_net: net, image, strength },
      ...{ start_percent: start, end_percent: end },
      ...(family.controlVae ? { vae } : {}),
    });
    [positive, negative] = [
      [id, 0],
      [id, 1],
    ];
  }
  return { positive, negative };
}

/** The one preprocessor of the core; further ones are custom nodes, for a workflow template to use. */
function prepared({ graph }: Draft, image: Link, preprocessor: string | undefined): Link {
  if (preprocessor === undefined || preprocessor === 'none') return image;
  if (preprocessor === 'canny') {
    return graph.link('Canny', { image, low_threshold: 0.4, high_threshold: 0.8 });
  }
  throw invalid(
    `ComfyUI's core has no preprocessor ${preprocessor}: ask for canny or none, or send the ` +
      'control picture ready-made',
  );
}

/** @param name of an uploaded picture; the request has one for each unit */
export function loadImage({ graph }: Draft, name: string | undefined): Link {
  if (name === undefined) throw invalid('a picture that the request speaks of is missing');
  return graph.link('LoadImage', { image: name });
}
