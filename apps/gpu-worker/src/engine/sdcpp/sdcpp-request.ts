import type { Size } from '../builtin/intake.js';
import type { EngineRequest } from '../engine.js';
import { maskAsPng, pictureAsPng } from '../remote/input-pictures.js';
import type { DescribedModel, OptionalField } from '../remote/model-list.js';
import { invalid, missing } from '../remote/refusals.js';
import { stepped } from '../remote/sizes.js';
import { sampleMethodFor } from './sdcpp-samplers.js';
import type { Mode, SdcppCapabilities } from './sdcpp-client.js';

/** How far an image is left behind where nobody says. */
const STRENGTH = 0.75;
/** A VAE that makes an eighth of sizes, and a U-Net that halves that three times. */
const SIZE_STEP = 64;

type Operation = EngineRequest['operation'];

/** What each operation can be asked for beside words, size, steps, guidance and seed. */
export const HONOURED: Readonly<Partial<Record<Operation, ReadonlySet<OptionalField>>>> = {
  generate: new Set([
    ...(['image', 'strength', 'sampler', 'clipSkip', 'loras'] as const),
    ...(['references', 'controls'] as const),
  ]),
  edit: new Set(['image', 'mask', 'strength', 'sampler', 'clipSkip', 'loras']),
  video: new Set(['image', 'sampler', 'clipSkip', 'loras']),
};

export interface Asked {
  readonly mode: Mode;
  readonly body: object;
  /** What the server draws; the size asked for is scaled from it. */
  readonly drawn: Size;
}

/** @throws EngineError `engine.request_invalid`, `engine.model_missing`, and those of pictures */
export async function sdcppRequest(
  request: EngineRequest,
  model: DescribedModel,
  server: SdcppCapabilities,
): Promise<Asked> {
  const step = model.size_step ?? SIZE_STEP;
  const given = request.image && (await pictureAsPng(request.image));
  if (request.operation === 'edit' && !(given && request.mask)) {
    throw invalid('an edit needs an image and a mask');
  }
  const drawn = stepped(request.operation === 'edit' && given ? given : request, step);
  const common = { ...words(request, model, server), ...drawn };
  if (request.operation === 'video') {
    assertSteps(request, drawn, model);
    const body = { ...common, ...(await start(request, drawn)), ...film(request, model) };
    return { mode: 'vid_gen', body, drawn };
  }
  const mask =
    request.mask && given && (await maskAsPng(request.mask, given, drawn)).bytes.toString('base64');
  const body = {
    ...common,
    ...(await start(request, drawn)),
    ...(mask === undefined ? {} : { mask_image: mask }),
    ...(await guides(request, model, drawn)),
    // Without the prompt in the file.
    ...{ batch_count: 1, output_format: 'png', embed_image_metadata: false },
  };
  return { mode: 'img_gen', body, drawn };
}

function words(request: EngineRequest, model: DescribedModel, server: SdcppCapabilities): object {
  const { prompt, negativePrompt, seed, steps, guidance, sampler, clipSkip } = request;
  const distilled = { txt_cfg: 1, distilled_guidance: guidance };
  return {
    ...{ prompt, negative_prompt: negativePrompt, seed },
    ...(clipSkip === undefined ? {} : { clip_skip: clipSkip }),
    sample_params: {
      sample_steps: steps,
      ...(sampler === undefined ? {} : sampleMethodFor(sampler, server)),
      guidance: model.guidance === 'distilled' ? distilled : { txt_cfg: guidance },
    },
    lora: (request.loras ?? []).map(({ model: name, strength }) => {
      const found = server.loras.find((one) => one.name === name);
      if (!found) throw missing(`the server has no LoRA ${name}`);
      return { path: found.path, multiplier: strength };
    }),
  };
}

async function start({ image, operation, strength }: EngineRequest, drawn: Size): Promise<object> {
  if (image === undefined) return {};
  const { bytes } = await pictureAsPng(image, drawn);
  const share = strength ?? (operation === 'edit' ? 1 : STRENGTH);
  // A video's first picture is shown, not painted over.
  const painted = operation === 'video' ? {} : { strength: share };
  return { init_image: bytes.toString('base64'), ...painted };
}

/** The ControlNet and the IP-Adapter that the server was started with: one picture each. */
async function guides(
  { controls = [], references = [] }: EngineRequest,
  model: DescribedModel,
  drawn: Size,
): Promise<object> {
  const [control, secondControl] = controls;
  const [reference, secondReference] = references;
  if (secondControl || secondReference) {
    throw invalid('stable-diffusion.cpp takes one controlnet unit and one of ip_adapters');
  }
  if (control && control.model !== model.control_net) {
    throw missing(`the server has no ControlNet ${control.model}`);
  }
  if (control && (control.start > 0 || control.end < 1)) {
    throw invalid('stable-diffusion.cpp follows a ControlNet from the first step to the last');
  }
  if (control && (control.preprocessor ?? 'none') !== 'none') {
    throw invalid(`stable-diffusion.cpp has no preprocessor ${String(control.preprocessor)}`);
  }
  if (reference && reference.model !== model.ip_adapter) {
    throw missing(`the server has no IP-Adapter ${reference.model}`);
  }
  const encoded = async (bytes: Uint8Array, size?: Size): Promise<string> =>
    (await pictureAsPng(bytes, size)).bytes.toString('base64');
  return {
    ...(control && {
      control_image: await encoded(control.image, drawn),
      control_strength: control.strength,
    }),
    ...(reference && {
      ip_adapter_image: await encoded(reference.image),
      ip_adapter_strength: reference.strength,
    }),
  };
}

/** Frames come as one more than a multiple of four: what is too much is left out of the film later. */
function film({ seconds = 1, fps }: EngineRequest, model: DescribedModel): object {
  const rate = fps ?? model.max_fps;
  const wanted = Math.max(1, Math.round(seconds * rate));
  const frames = Math.ceil((wanted - 1) / 4) * 4 + 1;
  return { video_frames: frames, fps: rate, output_format: 'avi', output_compression: 100 };
}

function assertSteps(request: EngineRequest, drawn: Size, model: DescribedModel): void {
  if (drawn.width === request.width && drawn.height === request.height) return;
  const step = model.size_step ?? SIZE_STEP;
  throw invalid(`videos of ${model.name} have a width and height that are multiples of ${step}`);
}
