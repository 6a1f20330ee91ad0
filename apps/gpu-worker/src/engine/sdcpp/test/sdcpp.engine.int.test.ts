import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeFilm, eventually, jsonOf, SdcppServer, writeAvi } from '@safelight/testing';
import sharp from 'sharp';
import { framedMask, picture, ran } from '../../comfyui/test/asking.js';
import { Gate } from '../../comfyui/test/gate.js';
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
