import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, formOf, jsonOf, OpenaiMediaServer } from '@safelight/testing';
import { picture, ran } from '../../comfyui/test/asking.js';
import type { EngineRequest } from '../../engine.js';
import { OpenaiEngine } from '../openai.engine.js';
import { models, one } from './setup.js';

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

describe('a video', () => {
  const film = (part: Partial<EngineRequest> = {}): EngineRequest =>
    one({ operation: 'video', model: 'house/film', seconds: 2, fps: 8, steps: 4, ...part });

  it('is submitted, followed by its progress, fetched, and then forgotten there', async () => {
    const { output, progress } = await ran(engine, film({ image: lake }));
    expect(output).toMatchObject({ mediaType: 'video/mp4', width: 64, height: 64, seconds: 2 });
    expect(output.peakVramBytes).toBe(2 ** 32);
    expect(Buffer.from(output.bytes).toString('latin1')).toContain(
      '/compositeWithTrainedAlgorithmicMedia',
    );
    expect(progress.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    const [told] = server.stage.told('POST /v1/videos');
    const form = told && (await formOf(told));
    const fields = ['size', 'seconds', 'fps', 'num_frames', 'num_inference_steps', 'seed'];
    expect(fields.map((name) => form?.get(name))).toEqual(['64x64', '2', '8', '16', '4', '41']);
    expect(form?.get('input_reference')).toBeInstanceOf(File);
    expect(server.jobs.size).toBe(0);
  });

  it('without an image is JSON for servers that want it so', async () => {
    await ran(engine, film({ model: 'house/film-json' }));
    const [told] = server.stage.told('POST /v1/videos');
    expect(told && jsonOf(told)).toMatchObject({ num_frames: 16, fps: 8 });
  });

  it('of a size that the model cannot draw is refused', async () => {
    await expect(ran(engine, film({ width: 70 }))).rejects.toMatchObject({
      code: 'engine.request_invalid',
    });
  });

  it('is taken from the server when it is cancelled', async () => {
    server.held = true;
    const stop = new AbortController();
    const running = ran(engine, film(), stop.signal);
    await eventually(() =>
      server.stage.requests.some(
        ({ method, path }) => method === 'GET' && path.startsWith('/v1/videos/'),
      ),
    );
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'engine.cancelled' });
    await eventually(() => server.jobs.size === 0);
  });

  it('that fails fails with a code, without what the server says', async () => {
    server.failing = 'cannot open /srv/secret';
    await expect(ran(engine, film())).rejects.toMatchObject({
      ...{ code: 'engine.execution_failed', message: 'The server failed.' },
      cause: expect.stringContaining('/srv/secret'),
    });
    server.failing = 'CUDA out of memory';
    await expect(ran(engine, film())).rejects.toMatchObject({ code: 'engine.out_of_memory' });
  });

  it('is lost with a server that restarts, and may be tried again', async () => {
    server.held = true;
    const running = expect(ran(engine, film())).rejects.toMatchObject({
      code: expect.stringMatching(/^engine\.(run_lost|lost)$/),
    });
    await eventually(() => server.jobs.size === 1);
    await server.restart();
    await running;
  });
});
