import type { Conditioning } from '../values.js';
import {
  flag,
  float,
  int,
  link,
  oneOf,
  text,
  token,
  type Inputs,
  type NodeDefinition,
} from './define.js';

const words = (inputs: Inputs, name: string): string =>
  (inputs.get(name) as Conditioning | undefined)?.words ?? '';
const pair = async (inputs: Inputs) => ({
  outputs: [inputs.get('positive'), inputs.get('negative')],
});
const share = (value: number) => float(value, 0, 1, 0.001);
const unions = ['auto', 'openpose', 'depth', 'hed/pidi/scribble/ted'];
const moreUnions = ['canny/lineart/anime_lineart/mlsd', 'normal', 'segment', 'tile', 'repaint'];

/** Nodes that tell a sampler what to draw. */
export const conditioning: Readonly<Record<string, NodeDefinition>> = {
  CLIPTextEncode: {
    required: { text: text({ multiline: true, dynamicPrompts: true }), clip: link('CLIP') },
    output: ['CONDITIONING'],
    run: async (inputs) => ({ outputs: [{ words: inputs.text('text') }] }),
  },
  ConditioningZeroOut: {
    required: { conditioning: link('CONDITIONING') },
    output: ['CONDITIONING'],
    run: async () => ({ outputs: [{ words: '' }] }),
  },
  FluxGuidance: {
    required: { conditioning: link('CONDITIONING'), guidance: float(3.5, 0, 100) },
    output: ['CONDITIONING'],
    newer: true,
    run: async (inputs) => ({ outputs: [{ words: words(inputs, 'conditioning') }] }),
  },
  ControlNetApplyAdvanced: {
    required: {
      positive: link('CONDITIONING'),
      negative: link('CONDITIONING'),
      control_net: link('CONTROL_NET'),
      image: link('IMAGE'),
      strength: float(1, 0, 10),
      start_percent: share(0),
      end_percent: share(1),
    },
    optional: { vae: link('VAE') },
    output: ['CONDITIONING', 'CONDITIONING'],
    run: pair,
  },
  SetUnionControlNetType: {
    required: { control_net: link('CONTROL_NET'), type: oneOf(...unions, ...moreUnions) },
    output: ['CONTROL_NET'],
    newer: true,
    run: token('control'),
  },
  CLIPVisionEncode: {
    required: {
      clip_vision: link('CLIP_VISION'),
      image: link('IMAGE'),
      crop: oneOf('center', 'none'),
    },
    output: ['CLIP_VISION_OUTPUT'],
    run: token('seen'),
  },
  StyleModelApply: {
    required: {
      conditioning: link('CONDITIONING'),
      style_model: link('STYLE_MODEL'),
      clip_vision_output: link('CLIP_VISION_OUTPUT'),
      strength: float(1, 0, 10, 0.001),
      strength_type: oneOf('multiply', 'attn_bias'),
    },
    output: ['CONDITIONING'],
    run: async (inputs) => ({ outputs: [inputs.get('conditioning')] }),
  },
  unCLIPConditioning: {
    required: {
      conditioning: link('CONDITIONING'),
      clip_vision_output: link('CLIP_VISION_OUTPUT'),
      strength: float(1, -10, 10),
      noise_augmentation: share(0),
    },
    output: ['CONDITIONING'],
    run: async (inputs) => ({ outputs: [inputs.get('conditioning')] }),
  },
  LTXVConditioning: {
    required: {
      positive: link('CONDITIONING'),
      negative: link('CONDITIONING'),
      frame_rate: float(25, 0, 1000),
    },
    output: ['CONDITIONING', 'CONDITIONING'],
    newer: true,
    run: pair,
  },
  KSamplerSelect: {
    required: { sampler_name: oneOf('euler', 'euler_ancestral', 'dpmpp_2m') },
    output: ['SAMPLER'],
    newer: true,
    run: token('sampler'),
  },
  LTXVScheduler: {
    required: {
      steps: int(20, 1, 10_000),
      max_shift: float(2.05, 0, 100),
      base_shift: float(0.95, 0, 100),
      stretch: flag(true),
      terminal: float(0.1, 0, 0.99),
    },
    optional: { latent: link('LATENT') },
    output: ['SIGMAS'],
    newer: true,
    run: async (inputs) => ({ outputs: [{ steps: inputs.number('steps') }] }),
  },
};
