import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { jsonOf, SdcppServer } from '@safelight/testing';
import sharp from 'sharp';
import { picture, ran } from '../../comfyui/test/asking.js';
import type { EngineRequest } from '../../engine.js';
import { SdcppEngine } from '../sdcpp.engine.js';
import { models, one } from './setup.js';

let server: SdcppServer;
let engine: SdcppEngine;
let lake: Buffer;

beforeAll(async () => {
  lake = await picture(96, 64);
  server = await SdcppServer.start({
    modes: ['img_gen', 'vid_gen'],
    loras: [{ name: 'ink', path: 'styles/ink.safetensors' }],
  });
  engine = new SdcppEngine({ url: server.url, models, pollMs: 5 });
  await engine.health();
});
afterAll(async () => {
  await engine.close();
  await server.close();
});
afterEach(() => {
  server.stage.requests.splice(0);
  Object.assign(server, { onGenerate: undefined, failing: undefined, film: undefined });
});

async function sent(part: Partial<EngineRequest>, mode = 'img_gen') {
  await ran(engine, one(part));
  const [told] = server.stage.told(`POST /sdcpp/v1/${mode}`);
  if (!told) throw new Error('nothing was submitted');
  return jsonOf(told);
}

const sizeOfBase64 = async (text: unknown) => {
  const { width, height } = await sharp(Buffer.from(String(text), 'base64')).metadata();
  return [width, height];
};

describe('every field', () => {
  const rows: readonly (readonly [string, Partial<EngineRequest>, object])[] = [
    [
      'prompt, size, seed',
      { seed: 9, width: 128 },
      { prompt: 'a lighthouse', width: 128, height: 64, seed: 9 },
    ],
    ['negative_prompt', { negativePrompt: 'fog' }, { negative_prompt: 'fog' }],
    ['steps, guidance', {}, { sample_params: { sample_steps: 3, guidance: { txt_cfg: 6 } } }],
    [
      'guidance of a distilled model',
      { model: 'house/guided' },
      { sample_params: { guidance: { txt_cfg: 1, distilled_guidance: 6 } } },
    ],
    [
      'sampler',
      { sampler: 'DPM++ 2M Karras' },
      { sample_params: { sample_method: 'dpm++2m', scheduler: 'karras' } },
    ],
    ['clip_skip', { clipSkip: 2 }, { clip_skip: 2 }],
    [
      'loras',
      { loras: [{ model: 'ink', strength: 0.6 }] },
      { lora: [{ path: 'styles/ink.safetensors', multiplier: 0.6 }] },
    ],
    [
      'nothing else',
      {},
      { batch_count: 1, embed_image_metadata: false, output_format: 'png', lora: [] },
    ],
  ];
  it.each(rows)('%s', async (_, part, body) => {
    expect(await sent(part)).toMatchObject(body);
  });

  it('image and strength', async () => {
    const body = await sent({ image: lake, strength: 0.3 });
    expect(body['strength']).toBe(0.3);
    expect(await sizeOfBase64(body['init_image'])).toEqual([64, 64]);
    expect((await sent({ image: lake }))['init_image']).toBeDefined();
  });

  it('controlnet and ip_adapters: what the server was started with', async () => {
    const body = await sent({
      model: 'house/guided',
      controls: [{ model: 'canny-net', image: lake, strength: 0.8, start: 0, end: 1 }],
      references: [{ model: 'looks', image: lake, strength: 0.4 }],
    });
    expect(body).toMatchObject({ control_strength: 0.8, ip_adapter_strength: 0.4 });
    expect(await sizeOfBase64(body['control_image'])).toEqual([64, 64]);
    expect(await sizeOfBase64(body['ip_adapter_image'])).toEqual([96, 64]);
  });

  const control = { model: 'canny-net', strength: 1, start: 0, end: 1 };
  const refusals: readonly (readonly [string, Partial<EngineRequest>, string])[] = [
    ['a sampler it does not have', { sampler: 'PLMS' }, 'request_invalid'],
    ['a LoRA it does not have', { loras: [{ model: 'x', strength: 1 }] }, 'model_missing'],
    ['a vae', { vae: 'v' }, 'request_invalid'],
    ['embeddings', { embeddings: ['e'] }, 'request_invalid'],
    ['automask', { operation: 'edit', automask: 'subject' }, 'request_invalid'],
    [
      'another ControlNet',
      { controls: [{ ...control, model: 'x', image: Buffer.alloc(1) }] },
      'model_missing',
    ],
    [
      'a part of the steps',
      { model: 'house/guided', controls: [{ ...control, end: 0.5, image: Buffer.alloc(1) }] },
      'request_invalid',
    ],
    [
      'a preprocessor',
      {
        model: 'house/guided',
        controls: [{ ...control, preprocessor: 'canny', image: Buffer.alloc(1) }],
      },
      'request_invalid',
    ],
    [
      'a negative prompt of a distilled model',
      { model: 'house/guided', negativePrompt: 'fog' },
      'request_invalid',
    ],
    ['a video of an odd size', { operation: 'video', width: 100 }, 'request_invalid'],
    ['an unreadable image', { image: Buffer.from('no image') }, 'image_unreadable'],
  ];
  it.each(refusals)('%s is refused', async (_, part, code) => {
    await expect(ran(engine, one(part))).rejects.toMatchObject({ code: `engine.${code}` });
    expect(server.stage.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});
