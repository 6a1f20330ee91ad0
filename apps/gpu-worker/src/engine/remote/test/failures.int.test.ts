import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  A1111Server,
  HttpStage,
  OpenaiMediaServer,
  SdcppServer,
  type Upset,
} from '@safelight/testing';
import { failureOf } from '../../../agent/failure.js';
import { A1111Engine } from '../../a1111/a1111.engine.js';
import { asking, ran } from '../../comfyui/test/asking.js';
import type { Engine } from '../../engine.js';
import { OpenaiEngine } from '../../openai/openai.engine.js';
import { SdcppEngine } from '../../sdcpp/sdcpp.engine.js';
import { EngineHttp } from '../engine-http.js';
import { described } from './described.js';

interface Beside {
  readonly engine: Engine;
  readonly stage: HttpStage;
  readonly close: () => Promise<void>;
}

const models = described();
const beginnings = {
  'POST /v1/images/generations': async (): Promise<Beside> => {
    const server = await OpenaiMediaServer.start();
    const engine = new OpenaiEngine({ url: server.url, models, runMs: 300 });
    return { engine, stage: server.stage, close: () => server.close() };
  },
  'POST /sdcpp/v1/img_gen': async (): Promise<Beside> => {
    const server = await SdcppServer.start();
    const engine = new SdcppEngine({ url: server.url, models, pollMs: 5 });
    return { engine, stage: server.stage, close: () => server.close() };
  },
  'POST /sdapi/v1/txt2img': async (): Promise<Beside> => {
    const server = await A1111Server.start();
    const engine = new A1111Engine({ url: server.url, models, pollMs: 5, runMs: 300 });
    return { engine, stage: server.stage, close: () => server.close() };
  },
};

const rows: readonly (readonly [string, Upset, string, boolean])[] = [
  ['400', { status: 400, json: { detail: 'Sampler not found' } }, 'engine.request_invalid', false],
  ['422', { status: 422, json: { detail: 'steps' } }, 'engine.request_invalid', false],
  ['401', { status: 401 }, 'engine.unauthorized', true],
  ['429', { status: 429 }, 'engine.busy', true],
  ['503', { status: 503 }, 'engine.not_ready', true],
  ['500', { status: 500, json: { errors: '/srv/models/secret' } }, 'engine.fault', true],
  [
    'a full GPU',
    { status: 500, json: { errors: 'CUDA out of memory' } },
    'engine.out_of_memory',
    true,
  ],
  ['garbage', 'garbage', 'engine.answer_unreadable', true],
  [
    'another JSON',
    { status: 200, json: { data: 7, images: 7, id: 7 } },
    'engine.answer_unreadable',
    true,
  ],
  ['a broken connection', 'hang-up', 'engine.lost', true],
];

describe.each(Object.entries(beginnings))('%s', (route, begin) => {
  let beside: Beside;
  beforeAll(async () => {
    beside = await begin();
    expect((await beside.engine.health()).ok).toBe(true);
  });
  afterAll(async () => {
    await beside.engine.close();
    await beside.close();
  });
  const failing = async () => {
    const error: unknown = await ran(beside.engine, asking({ model: 'house/one' })).catch(
      (thrown: unknown) => thrown,
    );
    return failureOf(error);
  };

  it.each(rows)('answers %s', async (_, upset, code, retryable) => {
    beside.stage.upset(route, upset);
    const failure = await failing();
    expect(failure).toMatchObject({ code, retryable });
    // What the server says is for the log.
    expect(failure.message).not.toMatch(/secret|Sampler/);
  });

  it('works again after all of that', async () => {
    const { output } = await ran(beside.engine, asking({ model: 'house/one' }));
    expect(output).toMatchObject({ width: 64, height: 64, mediaType: 'image/png' });
  });

  it('is told apart from one that is gone', async () => {
    await beside.stage.stop();
    expect(await failing()).toMatchObject({ code: 'engine.lost', retryable: true });
    expect((await beside.engine.health()).ok).toBe(false);
    await beside.stage.start();
    expect((await beside.engine.health()).ok).toBe(true);
  });
});

describe('HTTP to an engine', () => {
  let stage: HttpStage;
  beforeAll(async () => {
    stage = new HttpStage(async () => ({ json: {} }));
    await stage.start();
  });
  afterAll(() => stage.stop());
  const http = () => new EngineHttp({ url: stage.url, name: 'It' });

  it('is given up when nothing comes, when too much comes, and when nobody wants it', async () => {
    stage.upset('GET /silent', 'silence', 'silence');
    const silent = http().call('silent', { patienceMs: 50 });
    await expect(silent).rejects.toMatchObject({ code: 'engine.unreachable' });
    const stop = new AbortController();
    const unwanted = http().call('silent', { signal: stop.signal });
    stop.abort();
    await expect(unwanted).rejects.toMatchObject({ code: 'engine.cancelled' });
    stage.upset('GET /flood', { flood: 1_001 }, { flood: 1_000 });
    const flooded = http().call('flood', { most: 1_000 });
    await expect(flooded).rejects.toMatchObject({ code: 'engine.answer_too_large' });
    expect((await http().call('flood', { most: 1_000 })).bytes.length).toBe(1_000);
  });
});

describe('the clocks of a run', () => {
  it('a picture that never comes ends by the time limit', async () => {
    const beside = await beginnings['POST /v1/images/generations']();
    beside.stage.upset('POST /v1/images/generations', 'silence');
    await expect(ran(beside.engine, asking({ model: 'house/one' }))).rejects.toMatchObject({
      code: 'engine.unreachable',
    });
    await beside.engine.close();
    await beside.close();
  });
});
