import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { A1111Server, jsonOf } from '@safelight/testing';
import sharp from 'sharp';
import { picture, ran } from '../../comfyui/test/asking.js';
import type { EngineRequest } from '../../engine.js';
import { A1111Engine } from '../a1111.engine.js';
import { models, one } from './setup.js';

let server: A1111Server;
let engine: A1111Engine;
let lake: Buffer;

beforeAll(async () => {
  lake = await picture(100, 64);
  server = await A1111Server.start({
    ...{ loras: ['ink'], vaes: ['clear.pt'], embeddings: ['calm', 'easy-negative'] },
    ...{ controlModels: ['canny-net'], auth: 'worker:secret' },
  });
  const authorization = `Basic ${Buffer.from('worker:secret').toString('base64')}`;
  engine = new A1111Engine({ url: server.url, models, authorization, pollMs: 5 });
  await engine.health();
});
afterAll(async () => {
  await engine.close();
  await server.close();
});
afterEach(() => {
  server.stage.requests.splice(0);
  Object.assign(server, { onStep: undefined, beforeRun: undefined });
});

async function sent(part: Partial<EngineRequest>, route = 'txt2img') {
  await ran(engine, one(part));
  const [told] = server.stage.told(`POST /sdapi/v1/${route}`);
  if (!told) throw new Error('nothing was asked');
  return jsonOf(told);
}

describe('every field', () => {
  const rows: readonly (readonly [string, Partial<EngineRequest>, object])[] = [
    [
      'prompt, size, seed, steps, guidance',
      { seed: 9 },
      { prompt: 'a lighthouse', width: 64, height: 64, seed: 9, steps: 3, cfg_scale: 6 },
    ],
    ['negative_prompt', { negativePrompt: 'fog' }, { negative_prompt: 'fog' }],
    [
      'guidance of a distilled model',
      { model: 'house/distilled' },
      { cfg_scale: 1, distilled_cfg_scale: 6 },
    ],
    [
      'model',
      { model: 'house/other' },
      { override_settings: { sd_model_checkpoint: 'other-model.safetensors [0123456789]' } },
    ],
    ['sampler', { sampler: 'DPM++ 2M Karras' }, { sampler_name: 'DPM++ 2M Karras' }],
    ['clip_skip', { clipSkip: 2 }, { override_settings: { CLIP_stop_at_last_layers: 2 } }],
    ['vae', { vae: 'clear.pt' }, { override_settings: { sd_vae: 'clear.pt' } }],
    [
      'loras',
      { loras: [{ model: 'ink', strength: 0.6 }] },
      { prompt: 'a lighthouse <lora:ink:0.6>' },
    ],
    [
      'embeddings',
      { embeddings: ['calm', 'easy-negative'] },
      { prompt: 'a lighthouse, calm', negative_prompt: 'easy-negative' },
    ],
    [
      'what nobody asked for',
      {},
      {
        save_images: false,
        override_settings: { CLIP_stop_at_last_layers: 1, sd_vae: 'Automatic' },
      },
    ],
    [
      'no tag inside the words',
      { prompt: 'a <lora:ink:2> <3 <<hypernet:x:1>' },
      { prompt: 'a  lora:ink:2> <3 < hypernet:x:1>' },
    ],
  ];
  it.each(rows)('%s', async (_, part, body) => {
    expect(await sent(part)).toMatchObject(body);
  });

  it('image and strength', async () => {
    const body = await sent({ image: lake, strength: 0.3 }, 'img2img');
    expect(body).toMatchObject({ denoising_strength: 0.3, width: 64, height: 64 });
    const [image] = body['init_images'] as string[];
    expect(await sharp(Buffer.from(image ?? '', 'base64')).metadata()).toMatchObject({ width: 64 });
  });

  it('controlnet', async () => {
    const unit = { model: 'canny-net', image: lake, strength: 0.8, start: 0.1, end: 0.7 };
    const body = await sent({ controls: [{ ...unit, preprocessor: 'canny' }, unit] });
    const { controlnet } = body['alwayson_scripts'] as { controlnet: { args: object[] } };
    const common = {
      enabled: true,
      model: 'canny-net',
      weight: 0.8,
      guidance_start: 0.1,
      guidance_end: 0.7,
    };
    expect(controlnet.args).toMatchObject([
      { ...common, module: 'canny' },
      { ...common, module: 'none' },
    ]);
  });

  it('scale', async () => {
    const request = one({ operation: 'upscale', model: 'house/large', image: lake, scale: 4 });
    const { output } = await ran(engine, request);
    expect(output).toMatchObject({ width: 400, height: 256 });
    const body = jsonOf(server.stage.told('POST /sdapi/v1/extra-single-image')[0]!);
    expect(body).toMatchObject({ upscaling_resize: 4, upscaler_1: 'R-ESRGAN 4x+' });
  });

  const control = { model: 'canny-net', image: Buffer.alloc(1), strength: 1, start: 0, end: 1 };
  const refusals: readonly (readonly [string, Partial<EngineRequest>, string])[] = [
    ['a sampler it does not have', { sampler: 'PLMS' }, 'request_invalid'],
    ['a LoRA it does not have', { loras: [{ model: 'x', strength: 1 }] }, 'model_missing'],
    ['an embedding it does not have', { embeddings: ['x'] }, 'model_missing'],
    ['a VAE it does not have', { vae: 'x' }, 'model_missing'],
    ['a ControlNet it does not have', { controls: [{ ...control, model: 'x' }] }, 'model_missing'],
    [
      'a preprocessor it does not have',
      { controls: [{ ...control, preprocessor: 'x' }] },
      'request_invalid',
    ],
    ['ip_adapters', { references: [{ model: 'x', image: lake, strength: 1 }] }, 'request_invalid'],
    [
      'automask',
      { operation: 'edit', image: Buffer.alloc(1), automask: 'subject' },
      'request_invalid',
    ],
    ['an edit without a mask', { operation: 'edit' }, 'request_invalid'],
    ['a video', { operation: 'video' }, 'request_invalid'],
    [
      'a sampler for an upscale',
      { operation: 'upscale', model: 'house/large', sampler: 'Euler' },
      'request_invalid',
    ],
  ];
  it.each(refusals)('%s is refused', async (_, part, code) => {
    await expect(ran(engine, one(part))).rejects.toMatchObject({ code: `engine.${code}` });
    expect(server.stage.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    await engine.health();
  });
});
