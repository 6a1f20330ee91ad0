import { expect } from '@jest/globals';
import type { EngineRequest } from '../../engine.js';
import type { Submitted } from './submitted.js';

export type Row = readonly [
  field: string,
  part: (images: { lake: Buffer }) => Partial<EngineRequest>,
  look: (graph: Submitted) => void,
];

/** The research's table, line by line: a field of the request, and where it stands in the graph. */
export const rows: readonly Row[] = [
  [
    'model: a checkpoint gives model, text encoder and VAE',
    () => ({}),
    (graph) => {
      const loader = { ckpt_name: 'sd_xl_base_1.0.safetensors' };
      expect(graph.one('CheckpointLoaderSimple').inputs).toEqual(loader);
      const sampler = graph.one('KSampler');
      expect(graph.path(sampler, 'model')).toEqual(['CheckpointLoaderSimple']);
      expect(graph.behind(sampler, 'model').output).toBe(0);
      expect(graph.behind(graph.behind(sampler, 'positive').node, 'clip').output).toBe(1);
      expect(graph.behind(graph.one('VAEDecode'), 'vae').output).toBe(2);
    },
  ],
  [
    'model: split files',
    () => ({ model: 'flux/dev' }),
    (graph) => {
      const unet = { unet_name: 'flux1-dev.safetensors', weight_dtype: 'fp8_e4m3fn' };
      expect(graph.one('UNETLoader').inputs).toEqual(unet);
      expect(graph.one('DualCLIPLoader').inputs).toEqual({
        clip_name1: 'clip_l.safetensors',
        clip_name2: 't5xxl_fp8_e4m3fn.safetensors',
        type: 'flux',
      });
      expect(graph.one('VAELoader').inputs).toEqual({ vae_name: 'ae.safetensors' });
    },
  ],
  [
    'prompt and negative prompt',
    () => ({ prompt: 'a lake', negativePrompt: 'people' }),
    (graph) => {
      const sampler = graph.one('KSampler');
      expect(graph.behind(sampler, 'positive').node.inputs['text']).toBe('a lake');
      expect(graph.behind(sampler, 'negative').node.inputs['text']).toBe('people');
    },
  ],
  [
    'a model without a negative prompt',
    () => ({ model: 'flux/dev' }),
    (graph) => {
      const sampler = graph.one('KSampler');
      expect(graph.path(sampler, 'negative', 'conditioning')).toEqual([
        'ConditioningZeroOut',
        'CLIPTextEncode',
      ]);
    },
  ],
  [
    'embeddings: words of the prompt they are made for; a prompt names none by itself',
    () => ({ prompt: 'a lake, Embedding:secret', embeddings: ['golden-hour', 'clean-hands'] }),
    (graph) => {
      const sampler = graph.one('KSampler');
      const positive = graph.behind(sampler, 'positive').node.inputs['text'];
      expect(positive).toBe('a lake, embedding secret, embedding:golden-hour-xl');
      const negative = graph.behind(sampler, 'negative').node.inputs['text'];
      expect(negative).toBe('embedding:clean-hands-xl');
    },
  ],
  [
    'clip_skip',
    () => ({ clipSkip: 2 }),
    (graph) => {
      expect(graph.one('CLIPSetLastLayer').inputs['stop_at_clip_layer']).toBe(-2);
      for (const text of graph.all('CLIPTextEncode')) {
        expect(graph.path(text, 'clip')).toEqual(['CLIPSetLastLayer']);
      }
    },
  ],
  [
    'loras: a chain of model and text encoder',
    () => ({ loras: [0.8, 0.25].map((strength) => ({ model: 'film-grain', strength })) }),
    (graph) => {
      const [first, second] = graph.all('LoraLoader');
      const lora = { lora_name: 'film-grain-xl.safetensors' };
      expect(first?.inputs).toMatchObject({ ...lora, strength_model: 0.8, strength_clip: 0.8 });
      expect(second?.inputs).toMatchObject({ ...lora, strength_model: 0.25, strength_clip: 0.25 });
      const chain = ['LoraLoader', 'LoraLoader', 'CheckpointLoaderSimple'];
      expect(graph.path(graph.one('KSampler'), 'model', 'model', 'model')).toEqual(chain);
      const [text] = graph.all('CLIPTextEncode');
      expect(text && graph.path(text, 'clip', 'clip', 'clip')).toEqual(chain);
    },
  ],
  [
    'loras of a model whose text encoder is left alone',
    () => ({ model: 'flux/dev', loras: [{ model: 'flux-film', strength: 0.5 }] }),
    (graph) => {
      const { inputs } = graph.one('LoraLoaderModelOnly');
      expect(inputs).toMatchObject({ lora_name: 'flux-film.safetensors', strength_model: 0.5 });
    },
  ],
  [
    'vae',
    () => ({ vae: 'sdxl-fp16-fix' }),
    (graph) => {
      const file = { vae_name: 'sdxl_vae_fp16_fix.safetensors' };
      expect(graph.one('VAELoader').inputs).toEqual(file);
      expect(graph.path(graph.one('VAEDecode'), 'vae')).toEqual(['VAELoader']);
    },
  ],
  [
    'width and height',
    () => ({ width: 96, height: 72 }),
    (graph) => {
      const size = { width: 96, height: 72, batch_size: 1 };
      expect(graph.one('EmptyLatentImage').inputs).toEqual(size);
    },
  ],
  [
    'width and height of a model that draws in steps of 16',
    () => ({ model: 'flux/dev', width: 72, height: 64 }),
    (graph) => {
      const size = { width: 80, height: 64, batch_size: 1 };
      expect(graph.one('EmptySD3LatentImage').inputs).toEqual(size);
      expect(graph.one('ImageScale').inputs).toMatchObject({ width: 72, height: 64 });
    },
  ],
  [
    'seed, steps, guidance, sampler',
    () => ({ seed: 4_294_967_295, steps: 5, guidance: 4.5, sampler: 'DPM++ SDE Karras' }),
    (graph) => {
      expect(graph.one('KSampler').inputs).toMatchObject({
        ...{ seed: 4_294_967_295, steps: 5, cfg: 4.5, denoise: 1 },
        ...{ sampler_name: 'dpmpp_sde', scheduler: 'karras' },
      });
    },
  ],
  [
    "the model's own sampler where nobody asks for one",
    () => ({}),
    (graph) => {
      const own = { sampler_name: 'dpmpp_2m', scheduler: 'karras' };
      expect(graph.one('KSampler').inputs).toMatchObject(own);
    },
  ],
  [
    'guidance of a distilled model',
    () => ({ model: 'flux/dev', guidance: 3.5 }),
    (graph) => {
      expect(graph.one('FluxGuidance').inputs['guidance']).toBe(3.5);
      expect(graph.one('KSampler').inputs['cfg']).toBe(1);
      expect(graph.path(graph.one('KSampler'), 'positive')).toEqual(['FluxGuidance']);
    },
  ],
  [
    'flow shift',
    () => ({ model: 'sd3/medium' }),
    (graph) => {
      expect(graph.one('ModelSamplingSD3').inputs['shift']).toBe(3);
      expect(graph.path(graph.one('KSampler'), 'model')).toEqual(['ModelSamplingSD3']);
      expect(graph.one('TripleCLIPLoader').inputs['clip_name3']).toMatch(/^t5xxl/);
    },
  ],
  [
    'image and strength',
    ({ lake }) => ({ image: lake, strength: 0.6 }),
    (graph) => {
      const sampler = graph.one('KSampler');
      expect(sampler.inputs['denoise']).toBe(0.6);
      const way = graph.path(sampler, 'latent_image', 'pixels', 'image');
      expect(way).toEqual(['VAEEncode', 'ImageScale', 'LoadImage']);
      expect(graph.one('ImageScale').inputs).toMatchObject({
        width: 64,
        height: 64,
        crop: 'center',
      });
      expect(graph.one('LoadImage').inputs['image']).toMatch(
        /^safelight\/[0-9a-f-]{36}-[0-9a-f]{16}\.png$/,
      );
    },
  ],
  [
    'controlnet units: model, union type, preprocessor, strength, guidance_start and _end',
    ({ lake }) => ({
      controls: [
        {
          ...{ model: 'union-sdxl', image: lake, preprocessor: 'canny' },
          ...{ strength: 0.7, start: 0.1, end: 0.8 },
        },
        { model: 'depth-sdxl', image: lake, strength: 1, start: 0, end: 1 },
      ],
    }),
    (graph) => {
      const [first, second] = graph.all('ControlNetApplyAdvanced');
      if (!first || !second) throw new Error('units are missing');
      expect(first.inputs).toMatchObject({ strength: 0.7, start_percent: 0.1, end_percent: 0.8 });
      expect(second.inputs).toMatchObject({ strength: 1, start_percent: 0, end_percent: 1 });
      const nets = graph.path(first, 'control_net', 'control_net');
      expect(nets).toEqual(['SetUnionControlNetType', 'ControlNetLoader']);
      expect(graph.one('SetUnionControlNetType').inputs['type']).toMatch(/^canny/);
      expect(graph.path(first, 'image', 'image')).toEqual(['Canny', 'LoadImage']);
      expect(graph.path(second, 'image')).toEqual(['LoadImage']);
      const apply = ['ControlNetApplyAdvanced', 'ControlNetApplyAdvanced', 'CLIPTextEncode'];
      for (const side of ['positive', 'negative']) {
        expect(graph.path(graph.one('KSampler'), side, side, side)).toEqual(apply);
      }
    },
  ],
  [
    'ip_adapters, by a style model of the core',
    ({ lake }) => ({
      model: 'flux/dev',
      references: [{ model: 'flux-redux', image: lake, strength: 0.4 }],
    }),
    (graph) => {
      const { inputs } = graph.one('StyleModelApply');
      expect(inputs).toMatchObject({ strength: 0.4, strength_type: 'multiply' });
      expect(graph.path(graph.one('StyleModelApply'), 'clip_vision_output', 'image')).toEqual([
        'CLIPVisionEncode',
        'LoadImage',
      ]);
      expect(graph.path(graph.one('KSampler'), 'positive')).toEqual(['StyleModelApply']);
    },
  ],
  [
    'output: what is saved comes from the decoded latent',
    () => ({}),
    (graph) => {
      const way = graph.path(graph.one('SaveImage'), 'images', 'samples');
      expect(way).toEqual(['VAEDecode', 'KSampler']);
      const prefix = `safelight/${graph.prompt.promptId}`;
      expect(graph.one('SaveImage').inputs['filename_prefix']).toBe(prefix);
    },
  ],
];
