import { choicesOf, inputOf } from '../client/object-info.js';
import { invalid } from '../../remote/refusals.js';
import { conditionsOf, loadImage } from './conditions.js';
import type { Conditions, Draft, Loaded } from './draft.js';
import type { Link, Plan } from './graph.js';
import { scaled } from './image.js';
import { loadModel } from './load.js';
import { samplerFor } from './samplers.js';

interface Shape {
  readonly width: number;
  readonly height: number;
  readonly length: number;
}

interface Sampled {
  readonly samples: Link;
  readonly steps: Readonly<Record<string, number>>;
}

/** A video from words, or from an image that moves. */
export function videoPlan(draft: Draft): Plan {
  const { graph, request, model, family } = draft;
  const fps = request.fps ?? model.fps;
  const wanted = framesOf(draft, fps);
  const { lengthStep, sizeStep } = family;
  const shape: Shape = {
    width: Math.ceil(request.width / sizeStep) * sizeStep,
    height: Math.ceil(request.height / sizeStep) * sizeStep,
    length: Math.ceil((wanted - 1) / lengthStep) * lengthStep + 1,
  };
  const loaded = loadModel(draft);
  const begun = beginning(draft, loaded, { shape, words: conditionsOf(draft, loaded) });
  const { samples, steps } = sampled(draft, loaded, begun, fps);
  const decoded = graph.link('VAEDecode', { samples, vae: loaded.vae });
  // Frames come in whole steps; what is more than the seconds asked for is left out.
  const cut = { image: decoded, batch_index: 0, length: wanted };
  const frames = shape.length === wanted ? decoded : graph.link('ImageFromBatch', cut);
  const images = scaled(draft, frames, { from: shape, to: request });
  const video = graph.link('CreateVideo', { images, fps });
  const output = graph.add('SaveVideo', {
    ...{ video, filename_prefix: draft.prefix, ...formatOf(draft) },
  });
  return { graph: graph.graph, output, steps };
}

function framesOf({ request, model }: Draft, fps: number): number {
  const { seconds } = request;
  if (seconds === undefined || !(seconds > 0) || seconds > model.max_seconds) {
    throw invalid(`${model.name} makes videos of up to ${model.max_seconds} seconds`);
  }
  if (fps > model.max_fps)
    throw invalid(`${model.name} makes videos of up to ${model.max_fps} fps`);
  return Math.max(1, Math.round(seconds * fps));
}

interface Beginning extends Conditions {
  readonly latent: Link;
}

function beginning(
  draft: Draft,
  { vae }: Loaded,
  { shape, words }: { shape: Shape; words: Conditions },
): Beginning {
  const { graph, request, model, family, pictures } = draft;
  const { image } = pictures;
  if (image && model.image === 'none') throw invalid(`${model.name} makes videos from words alone`);
  if (!image && model.image === 'needed')
    throw invalid(`${model.name} needs an image to begin with`);
  if (request.strength !== undefined) throw invalid('a video has no strength');
  const size = { ...shape, batch_size: 1 };
  if (!image || family.imageNode === undefined) {
    if (family.imageNode === 'Wan22ImageToVideoLatent') {
      return { ...words, latent: graph.link(family.imageNode, { vae, ...size }) };
    }
    return { ...words, latent: graph.link(family.emptyLatent, size) };
  }
  const start = scaled(draft, loadImage(draft, image.name), { from: image, to: shape });
  if (family.imageNode === 'Wan22ImageToVideoLatent') {
    const inputs = { vae, ...size, start_image: start };
    return { ...words, latent: graph.link(family.imageNode, inputs) };
  }
  const given =
    family.imageNode === 'WanImageToVideo' ? { start_image: start } : { image: start, strength: 1 };
  const id = graph.add(family.imageNode, { ...words, vae, ...size, ...given });
  return { positive: [id, 0], negative: [id, 1], latent: [id, 2] };
}

function sampled(draft: Draft, loaded: Loaded, begun: Beginning, fps: number): Sampled {
  if (draft.family.imageNode === 'LTXVImgToVideo') return sampledByLtx(draft, loaded, begun, fps);
  const { graph, request, model, family } = draft;
  const { positive, negative, latent } = begun;
  const { sampler, scheduler } = samplerFor(request.sampler ?? model.sampler ?? family.sampler);
  const { steps, guidance: cfg, seed } = request;
  const common = { steps, cfg, sampler_name: sampler, scheduler, positive, negative };
  if (!loaded.modelLow) {
    const inputs = { ...common, model: loaded.model, seed, latent_image: latent, denoise: 1 };
    const id = graph.add('KSampler', inputs);
    return { samples: [id, 0], steps: { [id]: steps } };
  }
  // One model for the coarse half of the steps, one for the fine half.
  const half = Math.ceil(steps / 2);
  const high = graph.add('KSamplerAdvanced', {
    ...{ ...common, model: loaded.model, add_noise: 'enable', noise_seed: seed },
    ...{ latent_image: latent, start_at_step: 0, end_at_step: half },
    return_with_leftover_noise: 'enable',
  });
  const low = graph.add('KSamplerAdvanced', {
    ...{ ...common, model: loaded.modelLow, add_noise: 'disable', noise_seed: seed },
    ...{ latent_image: [high, 0], start_at_step: half, end_at_step: 10_000 },
    return_with_leftover_noise: 'disable',
  });
  return { samples: [low, 0], steps: { [high]: half, [low]: steps - half } };
}

function sampledByLtx(draft: Draft, { model }: Loaded, begun: Beginning, fps: number): Sampled {
  const { graph, request } = draft;
  if (request.sampler?.endsWith('Karras')) {
    throw invalid(`${draft.model.name} has a scheduler of its own: ask for a sampler without one`);
  }
  const name = request.sampler ?? draft.model.sampler ?? draft.family.sampler;
  const { steps, guidance: cfg, seed } = request;
  const { positive, negative, latent } = begun;
  const timed = graph.add('LTXVConditioning', { positive, negative, frame_rate: fps });
  const shift = { max_shift: 2.05, base_shift: 0.95, stretch: true, terminal: 0.1 };
  const sigmas = graph.link('LTXVScheduler', { steps, ...shift, latent });
  const sampler = graph.link('KSamplerSelect', { sampler_name: samplerFor(name).sampler });
  const id = graph.add('SamplerCustom', {
    ...{ model, add_noise: true, noise_seed: seed, cfg, positive: [timed, 0] },
    ...{ negative: [timed, 1], sampler, sigmas, latent_image: latent },
  });
  return { samples: [id, 0], steps: { [id]: steps } };
}

/** MP4 with H.264. The newest ComfyUI nests the codec in the format. */
function formatOf({ info }: Draft): Readonly<Record<string, string>> {
  const nested = inputOf(info, 'SaveVideo', 'format')?.type === 'COMFY_DYNAMICCOMBO_V3';
  const codec = nested ? 'format.codec' : 'codec';
  const known = choicesOf(info, 'SaveVideo', 'format');
  const format = known === undefined || known.includes('mp4') ? 'mp4' : 'auto';
  return { format, [codec]: 'h264' };
}
