import { invalid } from '../../remote/refusals.js';
import { conditionsOf, loadImage } from './conditions.js';
import type { Conditions, Draft, InputPicture, Loaded } from './draft.js';
import type { Link, Plan } from './graph.js';
import { loadModel } from './load.js';
import { samplerFor } from './samplers.js';

/** How far an image is left behind where nobody says. */
const STRENGTH = 0.75;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A picture from words, from an image, or with a part of an image painted anew. */
export function imagePlan(draft: Draft): Plan {
  const { graph, request, family } = draft;
  const loaded = loadModel(draft);
  const words = conditionsOf(draft, loaded);
  const begun = beginning(draft, loaded, words);
  const { sampler, scheduler } = samplerFor(
    request.sampler ?? draft.model.sampler ?? family.sampler,
  );
  const sampling = graph.add('KSampler', {
    ...{ model: loaded.model, seed: request.seed, steps: request.steps },
    cfg: family.guidance === 'cfg' ? request.guidance : 1,
    ...{ sampler_name: sampler, scheduler },
    ...{ positive: begun.positive, negative: begun.negative },
    ...{ latent_image: begun.latent, denoise: begun.denoise },
  });
  const decoded = graph.link('VAEDecode', { samples: [sampling, 0], vae: loaded.vae });
  const images = begun.finish(decoded);
  const output = graph.add('SaveImage', { images, filename_prefix: draft.prefix });
  return { graph: graph.graph, output, steps: { [sampling]: request.steps } };
}

interface Beginning extends Conditions {
  readonly latent: Link;
  readonly denoise: number;
  /** What is done with the decoded picture. */
  readonly finish: (decoded: Link) => Link;
}

function beginning(draft: Draft, loaded: Loaded, words: Conditions): Beginning {
  const { graph, request, family, pictures } = draft;
  const { width, height } = request;
  if (request.operation === 'edit') return edited(draft, loaded, words);
  const latentSize = stepped({ width, height }, family.sizeStep);
  const finish = (decoded: Link): Link =>
    scaled(draft, decoded, { from: latentSize, to: { width, height } });
  if (pictures.image === undefined) {
    const latent = graph.link(family.emptyLatent, { ...latentSize, batch_size: 1 });
    return { ...words, latent, denoise: 1, finish };
  }
  const image = loadImage(draft, pictures.image.name);
  const pixels = scaled(draft, image, { from: pictures.image, to: latentSize });
  const latent = graph.link('VAEEncode', { pixels, vae: loaded.vae });
  return { ...words, latent, denoise: request.strength ?? STRENGTH, finish };
}

/** Only the masked part is painted; what lies outside is laid over it from the image in the end. */
function edited(draft: Draft, loaded: Loaded, words: Conditions): Beginning {
  const { graph, request, family, model } = draft;
  const { image, mask } = editInputs(draft);
  const size = { width: image.width, height: image.height };
  const latentSize = stepped(size, family.sizeStep);
  const original = loadImage(draft, image.name);
  const pixels = scaled(draft, original, { from: size, to: latentSize });
  const masked = graph.link('LoadImageMask', { image: mask.name, channel: 'red' });
  const finish = (decoded: Link): Link =>
    graph.link('ImageCompositeMasked', {
      destination: original,
      source: scaled(draft, decoded, { from: latentSize, to: size }),
      ...{ x: 0, y: 0, resize_source: false, mask: masked },
    });
  const denoise = request.strength ?? 1;
  if (model.inpainting) {
    const id = graph.add('InpaintModelConditioning', {
      ...{ ...words, vae: loaded.vae, pixels, mask: masked, noise_mask: true },
    });
    return { positive: [id, 0], negative: [id, 1], latent: [id, 2], denoise, finish };
  }
  const samples = graph.link('VAEEncode', { pixels, vae: loaded.vae });
  const latent = graph.link('SetLatentNoiseMask', { samples, mask: masked });
  return { ...words, latent, denoise, finish };
}

function editInputs({ pictures, request }: Draft): { image: InputPicture; mask: InputPicture } {
  const { image, mask } = pictures;
  if (request.automask !== undefined) {
    throw invalid("ComfyUI's core finds no regions by itself: send a mask instead of an automask");
  }
  if (!image || !mask) throw invalid('an edit needs an image and a mask');
  return { image, mask };
}

/** As large at least, in whole steps. */
const stepped = ({ width, height }: Size, step: number): Size => ({
  width: Math.ceil(width / step) * step,
  height: Math.ceil(height / step) * step,
});

/** Covers another size; what sticks out at two sides is cut off evenly. */
export function scaled(
  { graph }: Draft,
  image: Link,
  { from, to }: { from: Size; to: Size },
): Link {
  if (from.width === to.width && from.height === to.height) return image;
  const { width, height } = to;
  const how = { upscale_method: 'lanczos', crop: 'center' };
  return graph.link('ImageScale', { image, ...how, width, height });
}

/** A larger picture by an upscale model, of exactly the size that was asked for. */
export function upscalePlan(draft: Draft): Plan {
  const { graph, request, model, pictures } = draft;
  const { scale } = request;
  const { image } = pictures;
  if (!image || scale === undefined)
    throw invalid('to upscale, send an image and a scale of 2 or 4');
  const loader = graph.link('UpscaleModelLoader', { model_name: model.files.upscale_model });
  const upscaled = graph.link('ImageUpscaleWithModel', {
    ...{ upscale_model: loader, image: loadImage(draft, image.name) },
  });
  const by = (times: number): Size => ({
    width: image.width * times,
    height: image.height * times,
  });
  const images = scaled(draft, upscaled, { from: by(model.scale), to: by(scale) });
  const output = graph.add('SaveImage', { images, filename_prefix: draft.prefix });
  return { graph: graph.graph, output, steps: {} };
}
