import {
  blend,
  drawnFrom,
  fit,
  gradient,
  type Conditioning,
  type Latent,
  type Picture,
} from '../values.js';
import {
  flag,
  float,
  int,
  link,
  oneOf,
  type Inputs,
  type InputSpec,
  type NodeContext,
  type NodeDefinition,
  type NodeResult,
} from './define.js';

const side = (value: number, step = 8): InputSpec => [
  'INT',
  { default: value, min: 16, max: 16_384, step },
];
const size = { width: side(512), height: side(512) };
const batch = { batch_size: int(1, 1, 4096) };
const length: InputSpec = ['INT', { default: 81, min: 1, max: 16_384, step: 4 }];
const pair = { positive: link('CONDITIONING'), negative: link('CONDITIONING') };
const seedOf: InputSpec = ['INT', { default: 0, min: 0, max: 18_446_744_073_709_552_000 }];

/** As sizes are where pictures are drawn: multiples of 8, the rest cut off. */
const eights = (value: number): number => Math.floor(value / 8) * 8;

const emptyOf = (inputs: Inputs): Latent => ({
  width: eights(inputs.number('width')),
  height: eights(inputs.number('height')),
  frames: inputs.has('length') ? inputs.number('length') : inputs.number('batch_size'),
});
const empty = async (inputs: Inputs): Promise<NodeResult> => ({ outputs: [emptyOf(inputs)] });
const withPair = async (inputs: Inputs): Promise<NodeResult> => {
  const drawn = (inputs.get('start_image') ?? inputs.get('image')) as Picture | undefined;
  const latent = { ...emptyOf(inputs), ...(drawn === undefined ? {} : { drawn }) };
  return { outputs: [inputs.get('positive'), inputs.get('negative'), latent] };
};

const samplerNames = [
  ...['euler', 'euler_ancestral', 'heun', 'heunpp2', 'dpm_2', 'dpm_2_ancestral', 'lms'],
  ...['dpm_fast', 'dpm_adaptive', 'dpmpp_2s_ancestral', 'dpmpp_sde', 'dpmpp_2m', 'dpmpp_2m_sde'],
  ...['dpmpp_2m_sde_heun', 'dpmpp_3m_sde', 'ddim', 'uni_pc', 'lcm', 'ipndm', 'ipndm_v', 'deis'],
];
const schedulerNames = [
  ...['simple', 'sgm_uniform', 'karras', 'exponential', 'ddim_uniform', 'beta', 'normal'],
  ...['linear_quadratic', 'kl_optimal'],
];
const sampling = {
  model: link('MODEL'),
  steps: int(20, 1, 10_000),
  cfg: float(8, 0, 100, 0.1),
  sampler_name: oneOf(...samplerNames),
  scheduler: oneOf(...schedulerNames),
  ...pair,
  latent_image: link('LATENT'),
};

interface Pass {
  readonly seed: number;
  readonly steps: number;
  readonly denoise: number;
}

/** What a sampler leaves: the words' and the seed's own colours, over what was there before. */
async function sample(inputs: Inputs, context: NodeContext, pass: Pass): Promise<Latent> {
  const from = inputs.get('latent_image') as Latent;
  const { words } = inputs.get('positive') as Conditioning;
  for (let step = 1; step <= pass.steps; step += 1) await context.step(step, pass.steps);
  const fresh = gradient(`${pass.seed} ${words}`, from);
  const { drawn: under, mask } = from;
  if (under === undefined) return { ...from, drawn: fresh };
  const draw = async (frame: number) => {
    const below = await under.draw(Math.min(frame, under.frames - 1));
    const weights = mask === undefined ? undefined : (await mask.draw(0)).data;
    return blend(below, await fresh.draw(frame), (pixel) =>
      weights === undefined ? pass.denoise : (pass.denoise * (weights[pixel] ?? 255)) / 255,
    );
  };
  return { ...from, drawn: { ...fresh, width: under.width, height: under.height, draw } };
}

/** Nodes that make, fill and sample latents. */
export const latents: Readonly<Record<string, NodeDefinition>> = {
  EmptyLatentImage: { required: { ...size, ...batch }, output: ['LATENT'], run: empty },
  EmptySD3LatentImage: {
    required: { width: side(1024), height: side(1024), ...batch },
    output: ['LATENT'],
    newer: true,
    run: empty,
  },
  EmptyHunyuanLatentVideo: {
    required: { ...size, length, ...batch },
    output: ['LATENT'],
    newer: true,
    run: empty,
  },
  EmptyLTXVLatentVideo: {
    required: { width: side(768, 32), height: side(512, 32), length, ...batch },
    output: ['LATENT'],
    newer: true,
    run: empty,
  },
  LTXVImgToVideo: {
    required: {
      ...pair,
      vae: link('VAE'),
      image: link('IMAGE'),
      ...{ width: side(768, 32), height: side(512, 32), length, ...batch },
      strength: float(1, 0, 1),
    },
    output: ['CONDITIONING', 'CONDITIONING', 'LATENT'],
    newer: true,
    run: withPair,
  },
  WanImageToVideo: {
    required: { ...pair, vae: link('VAE'), ...size, length, ...batch },
    optional: { clip_vision_output: link('CLIP_VISION_OUTPUT'), start_image: link('IMAGE') },
    output: ['CONDITIONING', 'CONDITIONING', 'LATENT'],
    newer: true,
    run: withPair,
  },
  Wan22ImageToVideoLatent: {
    required: { vae: link('VAE'), width: side(1280, 32), height: side(704, 32), length, ...batch },
    optional: { start_image: link('IMAGE') },
    output: ['LATENT'],
    newer: true,
    run: async (inputs) => ({ outputs: [(await withPair(inputs)).outputs[2]] }),
  },
  LatentUpscaleBy: {
    required: {
      samples: link('LATENT'),
      upscale_method: oneOf('nearest-exact', 'bilinear', 'area', 'bicubic', 'bislerp'),
      scale_by: float(1.5, 0.01, 8),
    },
    output: ['LATENT'],
    run: async (inputs) => {
      const { width, height, frames, drawn } = inputs.get('samples') as Latent;
      const times = inputs.number('scale_by');
      const size = { width: eights(width * times), height: eights(height * times) };
      const larger =
        drawn && drawnFrom(drawn, size, (pixels) => fit(pixels, size.width, size.height));
      return { outputs: [{ ...size, frames, ...(larger && { drawn: larger }) }] };
    },
  },
  SetLatentNoiseMask: {
    required: { samples: link('LATENT'), mask: link('MASK') },
    output: ['LATENT'],
    run: async (inputs) => ({
      outputs: [{ ...(inputs.get('samples') as Latent), mask: inputs.get('mask') as Picture }],
    }),
  },
  VAEEncode: {
    required: { pixels: link('IMAGE'), vae: link('VAE') },
    output: ['LATENT'],
    run: async (inputs) => {
      const drawn = inputs.get('pixels') as Picture;
      const { width, height, frames } = drawn;
      return { outputs: [{ width: eights(width), height: eights(height), frames, drawn }] };
    },
  },
  InpaintModelConditioning: {
    required: {
      ...pair,
      vae: link('VAE'),
      pixels: link('IMAGE'),
      mask: link('MASK'),
      noise_mask: flag(true),
    },
    output: ['CONDITIONING', 'CONDITIONING', 'LATENT'],
    run: async (inputs) => {
      const drawn = inputs.get('pixels') as Picture;
      const { width, height, frames } = drawn;
      const mask = inputs.get('mask') as Picture;
      const latent = { width: eights(width), height: eights(height), frames, drawn, mask };
      return { outputs: [inputs.get('positive'), inputs.get('negative'), latent] };
    },
  },
  KSampler: {
    required: { ...sampling, seed: seedOf, denoise: float(1, 0, 1) },
    output: ['LATENT'],
    run: async (inputs, context) => {
      const [seed, steps] = [inputs.number('seed'), inputs.number('steps')];
      const pass = { seed, steps, denoise: inputs.number('denoise') };
      return { outputs: [await sample(inputs, context, pass)] };
    },
  },
  KSamplerAdvanced: {
    required: {
      ...sampling,
      add_noise: oneOf('enable', 'disable'),
      noise_seed: seedOf,
      start_at_step: int(0, 0, 10_000),
      end_at_step: int(10_000, 0, 10_000),
      return_with_leftover_noise: oneOf('disable', 'enable'),
    },
    output: ['LATENT'],
    run: async (inputs, context) => {
      const end = Math.min(inputs.number('end_at_step'), inputs.number('steps'));
      const steps = end - inputs.number('start_at_step');
      const pass = { seed: inputs.number('noise_seed'), steps, denoise: 1 };
      return { outputs: [await sample(inputs, context, pass)] };
    },
  },
  SamplerCustom: {
    required: {
      model: link('MODEL'),
      add_noise: flag(true),
      noise_seed: seedOf,
      cfg: float(8, 0, 100, 0.1),
      ...pair,
      sampler: link('SAMPLER'),
      sigmas: link('SIGMAS'),
      latent_image: link('LATENT'),
    },
    output: ['LATENT', 'LATENT'],
    newer: true,
    run: async (inputs, context) => {
      const { steps } = inputs.get('sigmas') as { steps: number };
      const pass = { seed: inputs.number('noise_seed'), steps, denoise: 1 };
      const made = await sample(inputs, context, pass);
      return { outputs: [made, made] };
    },
  },
};
