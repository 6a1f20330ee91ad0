import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { formOf, jsonOf, OpenaiMediaServer } from '@safelight/testing';
import sharp from 'sharp';
import { framedMask, picture, ran } from '../../comfyui/test/asking.js';
import { Gate } from '../../comfyui/test/gate.js';
import type { EngineRequest } from '../../engine.js';
import { OpenaiEngine } from '../openai.engine.js';
import { models, one } from './setup.js';

const IMAGES = 'POST /v1/images/generations';

let server: OpenaiMediaServer;
let engine: OpenaiEngine;
let lake: Buffer;

beforeAll(async () => {
  lake = await picture(96, 64);
  server = await OpenaiMediaServer.start({ apiKey: 'key-1' });
  const authorization = 'Bearer key-1';
  engine = new OpenaiEngine({ url: server.url, models, authorization, slots: 3, pollMs: 5 });
  await engine.health();
});
afterAll(async () => {
  await engine.close();
  await server.close();
});
afterEach(() => {
  server.stage.requests.splice(0);
  Object.assign(server, {
    onWork: undefined,
    held: false,
    failing: undefined,
    drawsOnly: undefined,
  });
});

async function sent(part: Partial<EngineRequest>): Promise<Record<string, unknown>> {
  await ran(engine, one(part));
  const [told] = server.stage.told(IMAGES);
  if (!told) throw new Error('nothing was asked');
  return jsonOf(told);
}

describe('what an OpenAI-style server offers', () => {
  it('is what is described and listed, by as many slots as the operator says', () => {
    const { models: offered, warm, slots } = engine.capabilities;
    expect(offered.map(({ name }) => name)).not.toContain('house/absent');
    expect(offered.length).toBe(8);
    expect(offered[0]).toMatchObject({ features: [], operations: ['generate', 'edit'] });
    expect(warm).toContain('house/one');
    expect(slots).toBe(3);
  });

  it('is nothing while its model is loaded, and why is said', async () => {
    server.loading = true;
    expect(await engine.health()).toEqual({ ok: false, detail: 'The server answered 503.' });
    expect(engine.capabilities.models).toEqual([]);
    server.loading = false;
    expect((await engine.health()).detail).toContain('house/absent: the server has no another');
  });
});

describe('every field of a picture', () => {
  it('reaches the server by its name there', async () => {
    const body = await sent({ negativePrompt: 'fog', width: 90, height: 64, guidance: 4, seed: 7 });
    expect(body).toEqual({
      ...{ model: 'test-model', prompt: 'a lighthouse', negative_prompt: 'fog', n: 1 },
      ...{ size: '96x64', num_inference_steps: 3, guidance_scale: 4, seed: 7 },
      ...{ response_format: 'b64_json', output_format: 'png' },
    });
  });

  it('reaches a model with true guidance by the other name', async () => {
    expect(await sent({ model: 'house/true-cfg' })).toMatchObject({ true_cfg_scale: 6 });
  });

  it('is left to a server that knows OpenAI’s own fields only', async () => {
    const names = Object.keys(await sent({ model: 'house/plain' }));
    expect(names).toEqual(['model', 'prompt', 'n', 'size', 'response_format']);
  });

  it('does not carry settings inside the words', async () => {
    const prompt = 'a <sd_cpp_extra_args>{"steps":900}</sd_cpp_extra_args>';
    expect((await sent({ prompt }))['prompt']).not.toMatch(/<\/?sd_cpp/);
  });

  const refusals: readonly (readonly [string, Partial<EngineRequest>])[] = [
    ['sampler', { sampler: 'Euler' }],
    ['clip_skip', { clipSkip: 2 }],
    ['vae', { vae: 'v' }],
    ['loras', { loras: [{ model: 'l', strength: 1 }] }],
    ['embeddings', { embeddings: ['e'] }],
    ['image', { image: Buffer.from('x') }],
    ['negative_prompt', { model: 'house/plain', negativePrompt: 'fog' }],
    ['upscale', { operation: 'upscale' }],
    ['automask', { operation: 'edit', image: Buffer.from('x'), automask: 'subject' }],
  ];
  it.each(refusals)('%s is refused where there is no place for it', async (name, part) => {
    await expect(ran(engine, one(part))).rejects.toMatchObject({
      ...{ code: 'engine.request_invalid', message: expect.stringContaining(name) },
    });
    expect(server.stage.requests).toEqual([]);
  });

  it('an unknown model is none', async () => {
    await expect(ran(engine, one({ model: 'x' }))).rejects.toMatchObject({
      code: 'engine.model_unknown',
    });
    await expect(engine.load('house/absent')).rejects.toMatchObject({
      code: 'engine.model_missing',
    });
  });
});

describe('a picture', () => {
  it.each(['png', 'jpeg', 'webp'] as const)(
    'comes as %s, of the size asked for, marked',
    async (format) => {
      const { output, progress } = await ran(engine, one({ format, width: 90, height: 64 }));
      expect(output).toMatchObject({
        mediaType: `image/${format}`,
        width: 90,
        height: 64,
        seed: 41,
      });
      expect(output.peakVramBytes).toBe(2 ** 31);
      expect(Buffer.from(output.bytes).toString('latin1')).toContain('/trainedAlgorithmicMedia');
      expect(progress.map(({ step }) => step)).toEqual([1, 2, 3]);
    },
  );

  it('of another size than asked for is said to be of that size', async () => {
    server.drawsOnly = { width: 48, height: 40 };
    const { output } = await ran(engine, one());
    expect(output).toMatchObject({ width: 48, height: 40 });
    expect(await sharp(output.bytes).metadata()).toMatchObject({ width: 48, height: 40 });
  });

  it.each([
    ['nothing', { data: [] }, 'engine.output_missing'],
    ['no base64', { data: [{ b64_json: '*' }] }, 'engine.answer_unreadable'],
    ['no picture', { data: [{ b64_json: 'AAAA' }] }, 'engine.output_unreadable'],
  ])('that is %s fails', async (_, json, code) => {
    server.stage.upset(IMAGES, { status: 200, json });
    await expect(ran(engine, one())).rejects.toMatchObject({ code });
  });

  it('is let go at once when it is cancelled', async () => {
    const gate = new Gate();
    server.onWork = () => gate.passed();
    const stop = new AbortController();
    const running = ran(engine, one(), stop.signal);
    await gate.reached();
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'engine.cancelled' });
    gate.open();
  });
});

describe('an edit', () => {
  const edit = (part: Partial<EngineRequest>) =>
    ran(engine, one({ operation: 'edit', image: lake, strength: 1, ...part }));

  it.each([
    ['house/alpha', 'mask'],
    ['house/white', 'mask'],
    ['house/url', 'mask_image'],
  ])('by %s sends its mask, and keeps what lies outside', async (model, field) => {
    const mask = await framedMask(96, 64);
    const { output } = await edit({ model, mask });
    const [told] = server.stage.told('POST /v1/images/edits');
    const form = told && (await formOf(told));
    const value = form?.get(field);
    if (value instanceof File) {
      const { data, info } = await sharp(await value.arrayBuffer())
        .raw()
        .toBuffer({ resolveWithObject: true });
      // In the middle it is to be repainted: transparent, or white.
      const middle = (32 * 96 + 48) * info.channels;
      expect(data[middle + info.channels - 1]).toBe(model === 'house/alpha' ? 0 : 255);
    } else expect(value).toMatch(/^data:image\/png;base64,/);
    expect(form?.get('size')).toBe('96x64');
    const pixels = await sharp(output.bytes).removeAlpha().raw().toBuffer();
    expect([...pixels.subarray(0, 3)]).toEqual([0x40, 0x70, 0xa0]);
    expect(Buffer.from(output.bytes).toString('latin1')).toContain(
      '/compositeWithTrainedAlgorithmicMedia',
    );
  });

  it('is refused where its mask or strength has no place', async () => {
    const mask = await framedMask(96, 64);
    await expect(edit({ mask })).rejects.toMatchObject({ code: 'engine.request_invalid' });
    await expect(edit({ strength: 0.5 })).rejects.toMatchObject({ code: 'engine.request_invalid' });
  });

  it('of other proportions than its image fails', async () => {
    server.drawsOnly = { width: 64, height: 64 };
    await expect(edit({})).rejects.toMatchObject({ code: 'engine.output_size' });
  });
});

it('a server without lists of models serves what is described', async () => {
  const bare = await OpenaiMediaServer.start({ models: null });
  const beside = new OpenaiEngine({ url: bare.url, models });
  await beside.health();
  expect(beside.capabilities.models.length).toBe(9);
  await beside.close();
  await bare.close();
});
