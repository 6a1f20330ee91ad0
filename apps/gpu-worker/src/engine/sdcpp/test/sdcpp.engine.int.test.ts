import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeFilm, eventually, jsonOf, SdcppServer, writeAvi } from '@safelight/testing';
import sharp from 'sharp';
import { asking, framedMask, picture, ran } from '../../comfyui/test/asking.js';
import { Gate } from '../../comfyui/test/gate.js';
import type { EngineRequest } from '../../engine.js';
import { described } from '../../remote/test/described.js';
import { SdcppEngine } from '../sdcpp.engine.js';

const models = described({ operations: ['generate', 'edit', 'video'], max_width: 9_000 }, [
  { name: 'house/guided', control_net: 'canny-net', ip_adapter: 'looks', guidance: 'distilled' },
  { name: 'house/fine', size_step: 8, operations: ['generate'] },
  { name: 'house/absent', engine_name: 'another' },
]);

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

const one = (part: Partial<EngineRequest> = {}): EngineRequest =>
  asking({ model: 'house/one', ...part });

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

describe('what a stable-diffusion.cpp offers', () => {
  it('is its one model, by the descriptions that are of it', () => {
    const { models: offered, slots } = engine.capabilities;
    expect(offered.map(({ name }) => name)).toEqual(['house/one', 'house/guided', 'house/fine']);
    expect(offered[0]).toMatchObject({ maxWidth: 4_096, maxSeconds: 5, parts: ['ink'] });
    expect(offered[0]?.features).toEqual(['sampler', 'clip_skip', 'loras']);
    expect(offered[1]?.features).toContain('controlnet');
    expect(slots).toBe(1);
  });

  it('is its model under its own name where nobody describes it', async () => {
    const plain = new SdcppEngine({ url: server.url, pollMs: 5 });
    await plain.health();
    expect(plain.capabilities.models).toEqual([
      expect.objectContaining({ name: 'test-model', operations: ['generate', 'edit', 'video'] }),
    ]);
    await plain.close();
  });

  it('is nothing without the native API, and the remedy is said', async () => {
    const old = await SdcppServer.start({ isOld: true });
    const beside = new SdcppEngine({ url: old.url });
    expect(await beside.health()).toEqual({
      ...{ ok: false, detail: expect.stringContaining('ENGINE=a1111 or ENGINE=openai') },
    });
    await expect(beside.load('x')).rejects.toMatchObject({ code: 'engine.unsupported' });
    await beside.close();
    await old.close();
  });
});

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

describe('a picture', () => {
  it('is drawn in whole steps, comes in the size asked for, marked, without the prompt', async () => {
    const { output, progress } = await ran(engine, one({ width: 100, height: 70 }));
    expect(output).toMatchObject({ width: 100, height: 70, mediaType: 'image/png', seed: 41 });
    expect(jsonOf(server.stage.told('POST /sdcpp/v1/img_gen')[0]!)).toMatchObject({
      width: 128,
      height: 128,
    });
    const text = Buffer.from(output.bytes).toString('latin1');
    expect(text).toContain('/trainedAlgorithmicMedia');
    expect(text).not.toContain('a lighthouse');
    expect(progress.length).toBe(3);
  });

  it('of an edit keeps what lies outside the mask', async () => {
    const mask = await framedMask(96, 64);
    const { output } = await ran(engine, one({ operation: 'edit', image: lake, mask }));
    const body = jsonOf(server.stage.told('POST /sdcpp/v1/img_gen')[0]!);
    expect(body).toMatchObject({ width: 128, height: 64, strength: 1 });
    expect(await sizeOfBase64(body['mask_image'])).toEqual([128, 64]);
    expect(output).toMatchObject({ width: 96, height: 64 });
    const pixels = await sharp(output.bytes).removeAlpha().raw().toBuffer();
    expect([...pixels.subarray(0, 3)]).toEqual([0x40, 0x70, 0xa0]);
    const middle = (32 * 96 + 48) * 3;
    expect([...pixels.subarray(middle, middle + 3)]).not.toEqual([0x40, 0x70, 0xa0]);
  });

  it.each([
    ['generate_image returned no results', 'engine.execution_failed'],
    ['CUDA error: out of memory', 'engine.out_of_memory'],
  ])('that fails with %s', async (failing, code) => {
    server.failing = failing;
    await expect(ran(engine, one())).rejects.toMatchObject({ code });
  });

  it('is lost with a server that restarts', async () => {
    const gate = new Gate();
    server.onGenerate = () => gate.passed();
    const lost = expect(ran(engine, one())).rejects.toMatchObject({
      code: expect.stringMatching(/^engine\.(run_lost|lost)$/),
    });
    await gate.reached();
    await server.restart();
    gate.open();
    await lost;
    await engine.health();
  });
});

describe('a cancelled job', () => {
  it('leaves the queue; one that generates holds its slot until it ends by itself', async () => {
    const gate = new Gate();
    server.onGenerate = () => gate.passed();
    const [first, second] = [new AbortController(), new AbortController()];
    const running = ran(engine, one(), first.signal);
    await gate.reached();
    const waiting = ran(engine, one({ seed: 2 }), second.signal);
    await eventually(() => [...server.jobs.values()].some(({ status }) => status === 'queued'));
    second.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'engine.cancelled' });
    expect([...server.jobs.values()].at(-1)?.status).toBe('cancelled');
    expect(engine.capabilities.slots).toBe(1);
    first.abort();
    await expect(running).rejects.toMatchObject({ code: 'engine.cancelled' });
    await eventually(() => engine.capabilities.slots === 0);
    gate.open();
    await eventually(() => engine.capabilities.slots === 1);
  });

  it('is not waited for when the engine closes', async () => {
    const gate = new Gate();
    server.onGenerate = () => gate.passed();
    const beside = new SdcppEngine({ url: server.url, models, pollMs: 5 });
    const ending = expect(ran(beside, one())).rejects.toMatchObject({ code: 'engine.cancelled' });
    await gate.reached();
    await beside.close();
    await ending;
    gate.open();
    await expect(ran(beside, one())).rejects.toMatchObject({ code: 'engine.closed' });
  });
});

describe('a video', () => {
  const film = (part: Partial<EngineRequest> = {}) =>
    one({ operation: 'video', width: 64, height: 64, seconds: 1, fps: 6, ...part });

  it('is filmed anew as MP4, with as many frames as asked for', async () => {
    const { output } = await ran(engine, film({ image: lake }));
    const body = jsonOf(server.stage.told('POST /sdcpp/v1/vid_gen')[0]!);
    expect(body).toMatchObject({ video_frames: 9, fps: 6, output_format: 'avi' });
    expect(await sizeOfBase64(body['init_image'])).toEqual([64, 64]);
    expect(output).toMatchObject({ mediaType: 'video/mp4', width: 64, height: 64, seconds: 1 });
    expect((await decodeFilm(output.bytes)).frames.length).toBe(6);
    expect(Buffer.from(output.bytes).toString('latin1')).toContain(
      '/compositeWithTrainedAlgorithmicMedia',
    );
  });

  it('shows the colours that the server drew', async () => {
    const white = await sharp(await picture(64, 64, '#fff'))
      .jpeg()
      .toBuffer();
    server.film = writeAvi({ width: 64, height: 64, fps: 6, frames: [white, white] });
    const { frames } = await decodeFilm((await ran(engine, film())).output.bytes);
    expect(frames[0]?.[2_000]).toBeGreaterThan(228);
  });

  it.each([
    ['garbage', Buffer.from('no film')],
    ['without frames', writeAvi({ width: 64, height: 64, fps: 6, frames: [] })],
    [
      'cut off',
      writeAvi({ width: 64, height: 64, fps: 6, frames: [Buffer.alloc(99)] }).subarray(0, 400),
    ],
    [
      'of frames that are none',
      writeAvi({ width: 64, height: 64, fps: 6, frames: [Buffer.alloc(99)] }),
    ],
  ])('that is %s fails', async (_, bytes) => {
    server.film = bytes;
    await expect(ran(engine, film())).rejects.toMatchObject({ code: 'engine.output_unreadable' });
  });
});
