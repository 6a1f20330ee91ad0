import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { A1111Server, eventually, jsonOf } from '@safelight/testing';
import sharp from 'sharp';
import { asking, framedMask, picture, ran } from '../../comfyui/test/asking.js';
import { Gate } from '../../comfyui/test/gate.js';
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

describe('what a WebUI offers', () => {
  it('is what is described and there, one slot, and the loaded checkpoint as warm', async () => {
    await engine.load('house/one');
    const { models: offered, slots, warm } = engine.capabilities;
    const names = ['house/one', 'house/other', 'house/distilled', 'house/large'];
    expect(offered.map(({ name }) => name)).toEqual(names);
    expect(offered[0]?.features).toEqual([
      ...['sampler', 'clip_skip', 'vae', 'loras', 'embeddings', 'controlnet'],
    ]);
    expect(offered[0]?.parts).toEqual(['clear.pt', 'ink', 'calm', 'easy-negative', 'canny-net']);
    expect(slots).toBe(1);
    expect(warm).toEqual(['house/one', 'house/distilled', 'house/large']);
    expect((await engine.health()).detail).toContain('house/absent: the WebUI has no x');
  });

  it('is loaded apart from a run', async () => {
    await engine.load('house/other');
    expect(server.loaded).toContain('other-model');
    expect(engine.capabilities.warm).toContain('house/other');
    await engine.load('house/one');
    expect(server.loaded).toContain('test-model');
    await expect(engine.load('x')).rejects.toMatchObject({ code: 'engine.model_unknown' });
  });

  it('is all of its checkpoints, with fewer features, where nobody describes and there is less', async () => {
    const bare = await A1111Server.start({ isOld: true });
    const plain = new A1111Engine({ url: bare.url, pollMs: 5 });
    await plain.health();
    const { models: offered } = plain.capabilities;
    expect(offered.map(({ name }) => name)).toEqual(['test-model', 'other-model']);
    expect(offered[0]).toMatchObject({ features: ['sampler', 'clip_skip'], parts: [] });
    const request = asking({ model: 'test-model', sampler: 'DPM++ 2M Karras' });
    expect((await ran(plain, request)).output.width).toBe(64);
    await plain.close();
    await bare.close();
  });
});

describe('a picture', () => {
  it('comes in the size asked for, marked, without the prompt that the WebUI writes into it', async () => {
    const { output } = await ran(engine, one({ width: 70, height: 66, seed: 5 }));
    expect(output).toMatchObject({ width: 70, height: 66, mediaType: 'image/png', seed: 5 });
    const text = Buffer.from(output.bytes).toString('latin1');
    expect(text).toContain('/trainedAlgorithmicMedia');
    expect(text).not.toContain('a lighthouse');
  });

  it('of an edit keeps what lies outside the mask', async () => {
    const mask = await framedMask(100, 64);
    const { output } = await ran(engine, one({ operation: 'edit', image: lake, mask }));
    const body = jsonOf(server.stage.told('POST /sdapi/v1/img2img')[0]!);
    expect(body).toMatchObject({
      width: 104,
      height: 64,
      denoising_strength: 1,
      inpainting_fill: 1,
    });
    expect(output).toMatchObject({ width: 100, height: 64 });
    const pixels = await sharp(output.bytes).removeAlpha().raw().toBuffer();
    expect([...pixels.subarray(0, 3)]).toEqual([0x40, 0x70, 0xa0]);
    expect(Buffer.from(output.bytes).toString('latin1')).toContain(
      '/compositeWithTrainedAlgorithmicMedia',
    );
  });

  it('is followed step by step, each told once', async () => {
    const gate = new Gate();
    server.onStep = (step) => (step === 3 ? gate.passed() : undefined);
    const steps: number[] = [];
    const running = engine.run(
      one({ steps: 4 }),
      ({ step }) => steps.push(step),
      new AbortController().signal,
    );
    await gate.reached();
    await eventually(() => steps.length === 2);
    gate.open();
    await running;
    expect(steps).toEqual([1, 2, 3, 4]);
  });

  it('drawn with another checkpoint than asked for is none', async () => {
    server.stage.upset('POST /sdapi/v1/txt2img', {
      status: 200,
      json: {
        images: [(await picture(64, 64)).toString('base64')],
        info: JSON.stringify({ seed: 41, sd_model_name: 'other-model' }),
      },
    });
    await expect(ran(engine, one())).rejects.toMatchObject({ code: 'engine.model_missing' });
    await engine.health();
  });

  it('that somebody else stopped half-way is none', async () => {
    const gate = new Gate();
    server.onStep = (step) => (step === 2 ? gate.passed() : undefined);
    const running = expect(ran(engine, one())).rejects.toMatchObject({
      code: 'engine.interrupted',
    });
    await gate.reached();
    await fetch(`${server.url}/sdapi/v1/interrupt`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('worker:secret').toString('base64')}` },
    });
    gate.open();
    await running;
    expect((await ran(engine, one())).output.width).toBe(64);
  });

  it('of which the last bytes never come is lost with the WebUI', async () => {
    server.stage.upset('POST /sdapi/v1/txt2img', 'hang-up');
    await expect(ran(engine, one())).rejects.toMatchObject({ code: 'engine.lost' });
    await engine.health();
  });
});

describe('a cancelled run', () => {
  it('stops before its next step', async () => {
    const gate = new Gate();
    const steps: number[] = [];
    server.onStep = (step) => {
      steps.push(step);
      return step === 2 ? gate.passed() : undefined;
    };
    const stop = new AbortController();
    const running = ran(engine, one({ steps: 50 }), stop.signal);
    await gate.reached();
    stop.abort();
    await eventually(() => server.stage.told('POST /sdapi/v1/interrupt').length > 0);
    gate.open();
    await expect(running).rejects.toMatchObject({ code: 'engine.cancelled' });
    expect(steps).toEqual([1, 2]);
    await eventually(() => engine.capabilities.slots === 1);
  });

  it('holds its slot until it has ended, and is interrupted again if it had not begun', async () => {
    const gate = new Gate();
    server.beforeRun = () => gate.passed();
    const steps: number[] = [];
    server.onStep = async (step) => {
      steps.push(step);
      const asked = server.stage.told('POST /sdapi/v1/interrupt').length;
      await eventually(() => server.stage.told('POST /sdapi/v1/interrupt').length > asked);
    };
    const stop = new AbortController();
    const running = ran(engine, one({ steps: 50 }), stop.signal);
    await gate.reached();
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'engine.cancelled' });
    expect(engine.capabilities.slots).toBe(0);
    gate.open();
    await eventually(() => engine.capabilities.slots === 1);
    expect(steps).toEqual([1]);
  });

  it('does not keep a closing engine', async () => {
    const gate = new Gate();
    server.onStep = () => gate.passed();
    const authorization = `Basic ${Buffer.from('worker:secret').toString('base64')}`;
    const beside = new A1111Engine({ url: server.url, models, authorization, pollMs: 5 });
    const ending = expect(ran(beside, one())).rejects.toMatchObject({ code: 'engine.cancelled' });
    await gate.reached();
    await beside.close();
    await ending;
    gate.open();
  });
});
