import type { Size } from '../builtin/intake.js';
import type { EngineRequest } from '../engine.js';
import { maskAsPng, pictureAsPng } from '../remote/input-pictures.js';
import { engineNameOf, type DescribedModel, type OptionalField } from '../remote/model-list.js';
import { invalid, missing } from '../remote/refusals.js';
import { stepped } from '../remote/sizes.js';
import type { A1111Inventory } from './a1111-client.js';
import { samplerIn, titleOf } from './a1111-models.js';

/** How far an image is left behind where nobody says. */
const STRENGTH = 0.75;
const SIZE_STEP = 8;

type Operation = EngineRequest['operation'];

const DRAWING = [
  ...(['image', 'strength', 'sampler', 'clipSkip', 'vae'] as const),
  ...(['loras', 'embeddings', 'controls'] as const),
];

/** What each operation can be asked for beside words, size, steps, guidance and seed. */
export const HONOURED: Readonly<Partial<Record<Operation, ReadonlySet<OptionalField>>>> = {
  generate: new Set(DRAWING),
  edit: new Set([...DRAWING, 'mask']),
  upscale: new Set(['image']),
};

export interface Asked {
  readonly route: 'txt2img' | 'img2img';
  readonly body: object;
  /** What the WebUI draws; the size asked for is scaled from it. */
  readonly drawn: Size;
}

export interface Surroundings {
  readonly model: DescribedModel;
  readonly inventory: A1111Inventory;
  /** Embeddings that belong into the negative prompt. */
  readonly negativeEmbeddings: readonly string[];
}

/** @throws EngineError `engine.request_invalid`, `engine.model_missing`, and those of pictures */
export async function a1111Request(request: EngineRequest, around: Surroundings): Promise<Asked> {
  const { model } = around;
  const step = model.size_step ?? SIZE_STEP;
  const given = request.image && (await pictureAsPng(request.image));
  if (request.operation === 'edit' && !(given && request.mask)) {
    throw invalid('an edit needs an image and a mask');
  }
  const drawn = stepped(request.operation === 'edit' && given ? given : request, step);
  const body = {
    ...words(request, around),
    ...sampling(request, around),
    ...drawn,
    ...{ batch_size: 1, n_iter: 1, restore_faces: false, tiling: false },
    ...{ send_images: true, save_images: false, do_not_save_samples: true, do_not_save_grid: true },
    ...settings(request, around),
    ...(await controls(request, around, drawn)),
  };
  if (!request.image) return { route: 'txt2img', body, drawn };
  const started = { ...body, ...(await start(request, request.image, drawn)) };
  return { route: 'img2img', body: started, drawn };
}

/**
 * LoRAs and embeddings are words of the prompt here. A customer's own words name none: what looks like
 * the tag of an extra network loses its bracket.
 */
function words(request: EngineRequest, { inventory, negativeEmbeddings }: Surroundings): object {
  const loras = (request.loras ?? []).map(({ model, strength }) => {
    if (!inventory.loras.includes(model)) throw missing(`the WebUI has no LoRA ${model}`);
    return `<lora:${model}:${strength}>`;
  });
  const embeddings = request.embeddings ?? [];
  for (const name of embeddings) {
    if (!inventory.embeddings.includes(name)) throw missing(`the WebUI has no embedding ${name}`);
  }
  const isNegative = (name: string): boolean => negativeEmbeddings.includes(name);
  const joined = (...parts: string[]): string => parts.filter((part) => part !== '').join(', ');
  const positive = joined(plain(request.prompt), ...embeddings.filter((name) => !isNegative(name)));
  return {
    prompt: [positive, ...loras].join(' '),
    negative_prompt: joined(plain(request.negativePrompt), ...embeddings.filter(isNegative)),
  };
}

export const plain = (text: string): string => text.replace(/<(?=[^<>:]*:)/gu, ' ');

function sampling(request: EngineRequest, { model, inventory }: Surroundings): object {
  const { seed, steps, guidance, sampler } = request;
  const distilled = { cfg_scale: 1, distilled_cfg_scale: guidance };
  return {
    ...{ seed, subseed_strength: 0, steps },
    ...(model.guidance === 'distilled' ? distilled : { cfg_scale: guidance }),
    ...(sampler === undefined ? {} : { sampler_name: samplerIn(inventory, sampler) }),
  };
}

function settings({ clipSkip, vae }: EngineRequest, { model, inventory }: Surroundings): object {
  if (vae !== undefined && !inventory.vaes.includes(vae)) {
    throw missing(`the WebUI has no VAE ${vae}`);
  }
  return {
    override_settings: {
      sd_model_checkpoint: titleOf(inventory, model),
      // Each is said every time: one that stayed from another run would change the picture.
      CLIP_stop_at_last_layers: clipSkip ?? 1,
      ...(inventory.vaes.length > 0 ? { sd_vae: vae ?? 'Automatic' } : {}),
    },
    // Else it would load the checkpoint from before again, after each run.
    override_settings_restore_afterwards: false,
  };
}

async function start(
  { operation, mask, strength, image: given }: EngineRequest,
  image: Uint8Array,
  drawn: Size,
): Promise<object> {
  const { bytes } = await pictureAsPng(image, drawn);
  const started = {
    init_images: [bytes.toString('base64')],
    denoising_strength: strength ?? (operation === 'edit' ? 1 : STRENGTH),
  };
  if (!mask || !given) return started;
  const size = await pictureAsPng(given);
  return {
    ...started,
    mask: (await maskAsPng(mask, size, drawn)).bytes.toString('base64'),
    // White is repainted, beginning from the image, all of it in view; soft edges are the mask's own.
    ...{ inpainting_mask_invert: 0, inpainting_fill: 1, inpaint_full_res: false, mask_blur: 0 },
  };
}

/** By the extension sd-webui-controlnet, which Forge has built in. */
async function controls(
  request: EngineRequest,
  { inventory }: Surroundings,
  drawn: Size,
): Promise<object> {
  const units = request.controls ?? [];
  if (units.length === 0) return {};
  const args = await Promise.all(
    units.map(async ({ model, image, preprocessor = 'none', strength, start: from, end }) => {
      if (!inventory.controlModels.includes(model)) {
        throw missing(`the WebUI has no ControlNet ${model}`);
      }
      if (preprocessor !== 'none' && !inventory.controlModules.includes(preprocessor)) {
        throw invalid(`this WebUI has no preprocessor ${preprocessor}`);
      }
      const { bytes } = await pictureAsPng(image, drawn);
      return {
        ...{ enabled: true, model, module: preprocessor, image: bytes.toString('base64') },
        ...{ weight: strength, guidance_start: from, guidance_end: end, pixel_perfect: true },
      };
    }),
  );
  return { alwayson_scripts: { controlnet: { args } } };
}

/** Of `POST /sdapi/v1/extra-single-image`. */
export async function enlargement(request: EngineRequest, model: DescribedModel): Promise<object> {
  if (!request.image) throw invalid('an upscale needs an image');
  const { bytes } = await pictureAsPng(request.image);
  return {
    image: bytes.toString('base64'),
    ...{ resize_mode: 0, upscaling_resize: request.scale ?? 2, upscaler_1: engineNameOf(model) },
  };
}
