import sharp from 'sharp';
import type { EngineRequest } from '../engine.js';
import type { InputPng } from '../remote/input-pictures.js';
import { engineNameOf, type DescribedModel } from '../remote/model-list.js';
import { invalid } from '../remote/refusals.js';
import type { Size } from '../builtin/intake.js';

/** Fields of a form or of JSON; files of a form apart. */
export type Fields = Readonly<Record<string, string | number>>;

/** What pictures and videos are asked for alike. */
function commonFields(request: EngineRequest, model: DescribedModel): Fields {
  const { steps, guidance, seed, negativePrompt } = request;
  const base = { model: engineNameOf(model), prompt: plain(request.prompt) };
  if (!model.extended) {
    if (negativePrompt === '') return base;
    throw invalid(`${model.name} takes no negative_prompt here`);
  }
  const guided = model.guidance === 'true_cfg' ? 'true_cfg_scale' : 'guidance_scale';
  return {
    ...base,
    ...(negativePrompt === '' ? {} : { negative_prompt: plain(negativePrompt) }),
    ...{ num_inference_steps: steps, [guided]: guidance, seed },
  };
}

/** Of `POST /v1/images/generations`. */
export function imageFields(request: EngineRequest, model: DescribedModel, drawn: Size): Fields {
  return {
    ...commonFields(request, model),
    ...{ n: 1, size: sizeText(drawn), response_format: 'b64_json' },
    ...(model.extended ? { output_format: 'png' } : {}),
  };
}

export interface EditPictures {
  readonly image: InputPng;
  readonly mask?: InputPng | undefined;
}

/** Of `POST /v1/images/edits`. */
export async function editForm(
  request: EngineRequest,
  model: DescribedModel,
  { image, mask }: EditPictures,
): Promise<FormData> {
  const form = formOf(imageFields(request, model, image));
  form.set('image', fileOf(image.bytes), 'image.png');
  if (mask === undefined) return form;
  switch (model.mask) {
    case 'none':
      throw invalid(`${model.name} takes no mask here (edit)`);
    case 'white':
      form.set('mask', fileOf(mask.bytes), 'mask.png');
      break;
    case 'transparent':
      form.set('mask', fileOf(await transparentWhereWhite(image, mask)), 'mask.png');
      break;
    case 'mask_image':
      form.set('mask_image', `data:image/png;base64,${mask.bytes.toString('base64')}`);
  }
  return form;
}

/** Of `POST /v1/videos`. */
export function videoFields(request: EngineRequest, model: DescribedModel): Fields {
  const { width, height, seconds = 1, fps = model.max_fps } = request;
  const step = model.size_step ?? 1;
  if (width % step !== 0 || height % step !== 0) {
    throw invalid(`videos of ${model.name} have a width and height that are multiples of ${step}`);
  }
  return {
    ...commonFields(request, model),
    size: sizeText({ width, height }),
    // Whole seconds alone are part of OpenAI's protocol; the frames say it exactly.
    ...(Number.isInteger(seconds) ? { seconds: String(seconds) } : {}),
    ...(model.extended ? { fps, num_frames: Math.max(1, Math.round(seconds * fps)) } : {}),
  };
}

export function formOf(fields: Fields): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
  return form;
}

export const fileOf = (png: Uint8Array): Blob =>
  new Blob([new Uint8Array(png)], { type: 'image/png' });

const sizeText = ({ width, height }: Size): string => `${width}x${height}`;

/**
 * The words of a customer are words only: the server of stable-diffusion.cpp takes settings out of a
 * prompt that has them between these tags.
 */
export const plain = (text: string): string => text.replace(/<(?=\/?sd_cpp_extra_args)/gi, ' ');

/** A mask as OpenAI has it: the image, fully transparent where it is to be repainted. */
async function transparentWhereWhite(image: InputPng, mask: InputPng): Promise<Buffer> {
  const kept = await sharp(mask.bytes).negate().toColourspace('b-w').raw().toBuffer();
  const { width, height } = image;
  // In two steps: sharp takes an alpha channel away after it has joined others, whatever the order here.
  const colours = await sharp(image.bytes).removeAlpha().raw().toBuffer();
  return sharp(colours, { raw: { width, height, channels: 3 } })
    .joinChannel(kept, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}
