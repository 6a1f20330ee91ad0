import { fileOf, float, link, oneOf, token, type NodeDefinition } from './define.js';

const strength = float(1, -100, 100);
const clipTypes = ['stable_diffusion', 'sd3', 'ltxv', 'wan', 'qwen_image', 'lumina2', 'flux2'];
const pairTypes = ['sdxl', 'sd3', 'flux', 'hunyuan_video', 'hidream'];

/** Nodes that read model files, with the inputs that the core's have. */
export const loaders: Readonly<Record<string, NodeDefinition>> = {
  CheckpointLoaderSimple: {
    required: { ckpt_name: fileOf('checkpoints') },
    output: ['MODEL', 'CLIP', 'VAE'],
    run: token('model', 'clip', 'vae'),
  },
  unCLIPCheckpointLoader: {
    required: { ckpt_name: fileOf('checkpoints') },
    output: ['MODEL', 'CLIP', 'VAE', 'CLIP_VISION'],
    run: token('model', 'clip', 'vae', 'vision'),
  },
  UNETLoader: {
    required: {
      unet_name: fileOf('diffusion_models'),
      weight_dtype: oneOf('default', 'fp8_e4m3fn', 'fp8_e4m3fn_fast', 'fp8_e5m2'),
    },
    output: ['MODEL'],
    run: token('model'),
  },
  CLIPLoader: {
    required: { clip_name: fileOf('text_encoders'), type: oneOf(...clipTypes) },
    optional: { device: oneOf('default', 'cpu') },
    output: ['CLIP'],
    run: token('clip'),
  },
  DualCLIPLoader: {
    required: {
      clip_name1: fileOf('text_encoders'),
      clip_name2: fileOf('text_encoders'),
      type: oneOf(...pairTypes),
    },
    optional: { device: oneOf('default', 'cpu') },
    output: ['CLIP'],
    run: token('clip'),
  },
  TripleCLIPLoader: {
    required: {
      clip_name1: fileOf('text_encoders'),
      clip_name2: fileOf('text_encoders'),
      clip_name3: fileOf('text_encoders'),
    },
    output: ['CLIP'],
    newer: true,
    run: token('clip'),
  },
  VAELoader: { required: { vae_name: fileOf('vae') }, output: ['VAE'], run: token('vae') },
  LoraLoader: {
    required: {
      model: link('MODEL'),
      clip: link('CLIP'),
      lora_name: fileOf('loras'),
      strength_model: strength,
      strength_clip: strength,
    },
    output: ['MODEL', 'CLIP'],
    run: token('model', 'clip'),
  },
  LoraLoaderModelOnly: {
    required: { model: link('MODEL'), lora_name: fileOf('loras'), strength_model: strength },
    output: ['MODEL'],
    run: token('model'),
  },
  ControlNetLoader: {
    required: { control_net_name: fileOf('controlnet') },
    output: ['CONTROL_NET'],
    run: token('control'),
  },
  CLIPVisionLoader: {
    required: { clip_name: fileOf('clip_vision') },
    output: ['CLIP_VISION'],
    run: token('vision'),
  },
  StyleModelLoader: {
    required: { style_model_name: fileOf('style_models') },
    output: ['STYLE_MODEL'],
    run: token('style'),
  },
  UpscaleModelLoader: {
    required: { model_name: fileOf('upscale_models') },
    output: ['UPSCALE_MODEL'],
    newer: true,
    run: async (inputs) => ({ outputs: [inputs.text('model_name')] }),
  },
  ModelSamplingSD3: {
    required: { model: link('MODEL'), shift: float(3, 0, 100) },
    output: ['MODEL'],
    run: token('model'),
  },
  ModelSamplingAuraFlow: {
    required: { model: link('MODEL'), shift: float(1.73, 0, 100) },
    output: ['MODEL'],
    run: token('model'),
  },
  CLIPSetLastLayer: {
    required: {
      clip: link('CLIP'),
      stop_at_clip_layer: ['INT', { default: -1, min: -24, max: -1 }],
    },
    output: ['CLIP'],
    run: token('clip'),
  },
};
