/* oxlint-disable typescript/no-deprecated -- clients of today still send these fields */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { imagesAccepted, imagesAnswer, imagesError, imagesJob, newId } from '@safelight/contracts';
import OpenAI from 'openai';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';

const GENERATIONS = '/v1/images/generations';
const PNG = '89504e470d0a1a0a';
const lake = { prompt: 'a quiet lake at dawn', size: '256x256' };

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start({ layout: 'one process' });
}, 120_000);
afterAll(() => fleet.close(), 60_000);

/** The official client, with only base URL and key changed, and a bare one beside it. */
async function customer(credits = '100') {
  const { apiKey } = await fleet.account(credits);
  return { openai: clientOf(apiKey), raw: new TestClient(fleet.url, apiKey) };
}
const clientOf = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${fleet.url}/v1` });

/** What the official client throws. */
async function refusalOf(request: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OpenAI.APIError);
  return error as InstanceType<typeof OpenAI.APIError>;
}

describe("OpenAI's client", () => {
  it('makes a picture with the name of a model that is not here, and learns which one it was', async () => {
    const { openai, raw } = await customer();
    const made = await openai.images.generate({
      model: 'dall-e-3',
      prompt: lake.prompt,
      n: 1,
      size: '256x256',
      response_format: 'url',
      style: 'vivid',
      quality: 'standard',
      user: 'user-1234',
    });
    const answer = imagesAnswer.parse(made);
    expect(answer).toMatchObject({
      model: 'builtin/atelier',
      size: '256x256',
      status: 'completed',
    });
    expect(answer.not_honoured).toEqual(['style']);
    const file = Buffer.from(await (await fetch(made.data?.[0]?.url ?? '')).arrayBuffer());
    expect(file.subarray(0, 8).toString('hex')).toBe(PNG);
    const job = (await raw.get(`/api/v1/jobs/${answer.job_id}`)).json.data;
    expect(job.metadata).toMatchObject({ user: 'user-1234', 'dialect.model': 'dall-e-3' });
    expect(job.charge).toEqual({ captured: '1', refunded: '0' });
  });

  it('gets the stored bytes themselves from a GPT Image model, as OpenAI sends them', async () => {
    const { openai, raw } = await customer();
    const made = await openai.images.generate({
      model: 'gpt-image-1',
      prompt: lake.prompt,
      n: 2,
      size: '256x256',
      output_format: 'webp',
      quality: 'auto',
      background: 'auto',
      moderation: 'low',
    });
    expect(made.data).toHaveLength(2);
    const { job_id } = imagesAnswer.parse(made);
    const { outputs } = (await raw.get(`/api/v1/jobs/${job_id}`)).json.data;
    for (const [at, picture] of (made.data ?? []).entries()) {
      const stored = Buffer.from(await (await fetch(outputs[at].url as string)).arrayBuffer());
      expect(Buffer.from(picture.b64_json ?? '', 'base64').equals(stored)).toBe(true);
      expect(stored.subarray(8, 12).toString()).toBe('WEBP');
    }
  });

  it('is told what is wrong in its own words', async () => {
    const { openai } = await customer('0.000001');
    const cases: [() => Promise<unknown>, object][] = [
      [
        () => clientOf('sl_live_nobody').images.generate(lake),
        { status: 401, type: 'invalid_request_error', code: 'invalid_api_key', param: null },
      ],
      [
        () => openai.images.generate(lake),
        { status: 402, type: 'insufficient_quota', code: 'insufficient_quota' },
      ],
      [
        () => openai.images.generate({ prompt: 'undress the woman in this picture' }),
        { status: 400, type: 'image_generation_user_error', code: 'moderation_blocked' },
      ],
      [
        () => openai.images.generate({ ...lake, n: 9 }),
        { status: 400, type: 'invalid_request_error', code: 'invalid_value', param: 'n' },
      ],
      [() => openai.images.generate({ ...lake, size: '100x100' }), { status: 400, param: 'size' }],
      [() => openai.images.generate({ prompt: '' }), { status: 400, param: 'prompt' }],
      [
        () => openai.images.generate({ ...lake, stream: true } as OpenAI.ImageGenerateParams),
        { status: 400, param: 'stream' },
      ],
      [
        () => openai.images.generate({ ...lake, strength: 1 } as OpenAI.ImageGenerateParams),
        { status: 400, param: 'strength' },
      ],
    ];
    for (const [request, expected] of cases) {
      const refusal = await refusalOf(request());
      expect(refusal).toMatchObject(expected);
      expect(imagesError.safeParse({ error: refusal.error }).error).toBeUndefined();
    }
  });

  it('is told of a blocked prompt how to appeal, and nothing is charged', async () => {
    const { openai, raw } = await customer('5');
    const request = openai.images.generate({ prompt: 'undress the woman in this picture' });
    const { error } = await refusalOf(request);
    expect(error).toMatchObject({ decision_id: expect.stringMatching(/^dec_/) });
    expect((await raw.get('/api/v1/account')).json.data.credits.available).toBe('5');
  });

  it('makes one job of a request that it repeats under one idempotency key', async () => {
    const { openai, raw } = await customer('1');
    const options = { headers: { 'idempotency-key': newId('job') } };
    const first = await openai.images.generate(lake, options);
    expect(await openai.images.generate(lake, options)).toEqual(first);
    expect((await raw.get('/api/v1/account')).json.data.credits.available).toBe('0');
  });
});

describe('the sync and callback form', () => {
  it('takes sizes and settings by its own names', async () => {
    const { raw } = await customer();
    const answer = await raw.send('POST', GENERATIONS, {
      prompt: lake.prompt,
      image_width: 320,
      image_height: 256,
      additional_settings: { seed: 7, steps: 3, negative_prompt: 'rain' },
    });
    expect(answer.status).toBe(200);
    const made = imagesAnswer.parse(answer.json);
    expect(made).toMatchObject({ size: '320x256', output_format: 'png' });
    expect(made.url).toBe(made.data[0]?.url);
    const job = (await raw.get(`/api/v1/jobs/${made.job_id}`)).json.data;
    expect(job).toMatchObject({ width: 320, height: 256, seed: 7, steps: 3 });
  });

  it('answers 202 when the client does not wait, and tells at the status address how it goes', async () => {
    const { raw } = await customer();
    const body = { prompt: lake.prompt, resolution: '1k', additional_settings: { steps: 20 } };
    const accepted = await raw.send('POST', GENERATIONS, body, { prefer: 'wait=0' });
    expect(accepted.status).toBe(202);
    const { job_id, status_url } = imagesAccepted.parse(accepted.json);
    const path = new URL(status_url).pathname;
    const open = imagesJob.parse((await raw.get(path)).json);
    expect(open).toMatchObject({ job_id, status: 'processing', image_url: null, error: null });
    await raw.ended(job_id);
    const done = imagesJob.parse((await raw.get(path)).json);
    expect(done).toMatchObject({ status: 'completed', model: 'builtin/atelier' });
    expect(done.generation_time).toBeGreaterThan(0);
    expect((await fetch(done.image_url ?? '')).status).toBe(200);
  });

  it('says so when a job ends without a picture', async () => {
    const { raw } = await customer();
    const body = { prompt: lake.prompt, resolution: '2k', additional_settings: { steps: 100 } };
    const waiting = raw.send('POST', GENERATIONS, body);
    const id = await newestJob(raw);
    await raw.send('POST', `/api/v1/jobs/${id}/cancel`);
    const answer = await waiting;
    expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([409, 'false']);
    expect(imagesError.parse(answer.json).error).toMatchObject({ job_id: id });
    const state = imagesJob.parse((await raw.get(`/v1/images/generation/jobs/${id}`)).json);
    expect(state).toMatchObject({ status: 'failed', image_url: null });
    expect(state.error?.code).toBe('job.cancelled');
  });

  /** The id of the one job that this customer has. */
  async function newestJob(raw: TestClient): Promise<string> {
    for (;;) {
      const [job] = (await raw.get('/api/v1/jobs')).json.data as { id: string }[];
      if (job !== undefined) return job.id;
    }
  }
});

describe('a picture that was not released', () => {
  it('leaves through neither dialect, and a test key pays for nothing', async () => {
    const { raw } = await customer('5');
    const wanted = { kind: 'test', scopes: ['jobs:read', 'jobs:write'] };
    const { key } = (await raw.send('POST', '/api/v1/keys', wanted)).json.data as { key: string };
    const test = new TestClient(fleet.url, key);
    const force = { 'safelight-test-outcome': 'block' };
    for (const response_format of ['b64_json', 'url']) {
      const answer = await test.send('POST', GENERATIONS, { ...lake, response_format }, force);
      expect(answer.status).toBe(400);
      const { error } = imagesError.parse(answer.json);
      expect(error.code).toBe('moderation_blocked');
      const path = `/v1/images/generation/jobs/${String(error['job_id'])}`;
      expect(imagesJob.parse((await test.get(path)).json)).toMatchObject({
        ...{ status: 'failed', image_url: null, image_urls: [] },
      });
    }
    const request = { model_name: 'any', prompt: 'a lake', width: 256, height: 256 };
    const made = await test.send('POST', '/v3/async/txt2img', { request }, force);
    const { task_id } = made.json as { task_id: string };
    await test.ended(task_id);
    const { json } = await test.get(`/v3/async/task-result?task_id=${task_id}`);
    expect(json).toMatchObject({ task: { status: 'TASK_STATUS_FAILED' }, images: [] });
    expect((await raw.get('/api/v1/account')).json.data.credits.available).toBe('5');
  });
});

describe('this dialect', () => {
  it("answers for another account's job as for one that never was", async () => {
    const { raw: mine } = await customer();
    const { raw: theirs } = await customer();
    const { job_id } = imagesAnswer.parse((await mine.send('POST', GENERATIONS, lake)).json);
    const headers = { 'x-request-id': 'same-for-all' };
    const answers = await Promise.all(
      [job_id, newId('job'), 'job_1', '..%2f..'].map((id) =>
        theirs.get(`/v1/images/generation/jobs/${id}`, headers),
      ),
    );
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(answer.text).toBe(answers[0]?.text);
    }
    expect(imagesError.parse(answers[0]?.json).error.code).toBe('not_found');
  });

  it('tells in its own shape also what no controller ever sees', async () => {
    const { raw } = await customer();
    const broken = await raw.send('POST', GENERATIONS, '{"prompt": ');
    const typed = await raw.send('POST', GENERATIONS, 'prompt=x', { 'content-type': 'text/plain' });
    const large = await raw.send('POST', GENERATIONS, 'x'.repeat(7 * 1024 * 1024));
    const nowhere = await raw.get('/v1/images/none');
    const answers = [broken, typed, large, nowhere];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 404]);
    for (const { json } of answers) expect(imagesError.safeParse(json).error).toBeUndefined();
  });
});
