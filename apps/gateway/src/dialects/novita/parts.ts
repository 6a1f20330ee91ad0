import type { NovitaImg2img, NovitaTxt2img } from '@safelight/contracts';
import { nativeDefaults } from '../native-request.js';
import type { SentPicture } from '../wish.js';
import { samplerIn } from './foreign.js';

type Request = Pick<
  NovitaTxt2img['request'],
  'sampler_name' | 'clip_skip' | 'sd_vae' | 'loras' | 'embeddings'
> &
  Partial<Guides>;
type Guides = Pick<NovitaImg2img['request'], 'controlnet' | 'ip_adapters'>;

type Parts = Pick<
  typeof nativeDefaults,
  'sampler' | 'clip_skip' | 'vae' | 'loras' | 'embeddings' | 'ip_adapters' | 'controlnet'
>;

/** Pictures are taken in by themselves: here only what they are for is told. */
const NO_PICTURE = '';

/**
 * What stands beside the model, in the native API's words.
 *
 * @param without features that the model does not honour
 */
export function partsIn(request: Request, without: ReadonlySet<string>): Parts {
  const all: Parts = {
    sampler: samplerIn(request),
    clip_skip: request.clip_skip,
    vae: request.sd_vae === '' ? undefined : request.sd_vae,
    loras: request.loras.map(({ model_name: model, strength }) => ({ model, strength })),
    embeddings: request.embeddings.map(({ model_name: model }) => ({ model })),
    ip_adapters: (request.ip_adapters ?? []).map(({ model_name: model, strength }) => ({
      ...{ model, strength, image: NO_PICTURE },
    })),
    controlnet: controlnetOf(request),
  };
  const { sampler, clip_skip, vae, loras, embeddings, ip_adapters, controlnet } = nativeDefaults;
  const none: Parts = { sampler, clip_skip, vae, loras, embeddings, ip_adapters, controlnet };
  const left = Object.entries(none).filter(([feature]) => without.has(feature));
  return { ...all, ...Object.fromEntries(left) };
}

function controlnetOf({ controlnet }: Request): Parts['controlnet'] {
  if (controlnet === undefined || controlnet.units.length === 0) return undefined;
  return {
    units: controlnet.units.map(
      ({ model_name: model, strength, preprocessor, guidance_start = 0, guidance_end = 1 }) => ({
        ...{ model, strength, preprocessor, guidance_start, guidance_end, image: NO_PICTURE },
      }),
    ),
  };
}

/** The pictures of the parts, in the order in which a job has them. */
export function guidesOf({ controlnet, ip_adapters }: Guides): SentPicture[] {
  const list = (role: SentPicture['role'], field: string, sent: readonly Sent[]) =>
    sent.map(({ image_base64 }, index): SentPicture => ({
      role,
      pointer: `/request/${field}/${index}/image_base64`,
      sent: image_base64,
    }));
  return [
    ...list('reference', 'ip_adapters', ip_adapters),
    ...list('control', 'controlnet/units', controlnet?.units ?? []),
  ];
}

type Sent = { readonly image_base64: string };
