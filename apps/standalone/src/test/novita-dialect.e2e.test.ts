import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  newId,
  novitaAccepted,
  novitaError,
  novitaLegacyAccepted,
  type NovitaTaskResult,
  novitaTaskResult,
} from '@safelight/contracts';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';

const TXT2IMG = '/v3/async/txt2img';

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start({ layout: 'one process' });
}, 120_000);
afterAll(() => fleet.close(), 60_000);

const customer = async (credits = '100') =>
  new TestClient(fleet.url, (await fleet.account(credits)).apiKey);

/** Structured as the first example of the documentation of txt2img. */
const documented = {
  extra: { response_image_type: 'jpeg' },
  request: {
    prompt: 'a dog that looks at the sea',
    model_name: 'sd_xl_base_1.0.safetensors',
    negative_prompt: 'bottle, blurred',
    width: 512,
    height: 384,
    image_num: 2,
    steps: 8,
    seed: -1,
    clip_skip: 1,
    sampler_name: 'Euler a',
    guidance_scale: 7.5,
  },
};
const request = { ...documented.request, width: 256, height: 256, image_num: 1 };

async function taskOf(client: TestClient, body: unknown, path = TXT2IMG): Promise<string> {
  const answer = await client.send('POST', path, body);
  if (answer.status !== 200) throw new Error(`not accepted: ${answer.status} ${answer.text}`);
  return novitaAccepted.parse(answer.json).task_id;
}

/** Polls as the documentation shows it, to the end. */
async function resultOf(client: TestClient, taskId: string): Promise<NovitaTaskResult> {
  await client.ended(taskId);
  const answer = await client.get(`/v3/async/task-result?task_id=${taskId}`);
  expect(answer.status).toBe(200);
  return novitaTaskResult.parse(answer.json);
}

describe('a request as its documentation shows it', () => {
  it('makes pictures, and the result says what made them', async () => {
    const client = await customer();
    const taskId = await taskOf(client, documented);
    const { extra, task, images, videos } = await resultOf(client, taskId);
    expect(task).toEqual({
      task_id: taskId,
      task_type: 'TXT_TO_IMG',
      status: 'TASK_STATUS_SUCCEED',
      reason: '',
      eta: 0,
      progress_percent: 100,
    });
    expect(extra).toMatchObject({ enable_nsfw_detection: false, model_name: 'builtin/atelier' });
    expect(extra.seed).toMatch(/^\d+$/);
    expect(JSON.parse(extra.debug_info.request_info)).toMatchObject({
      model: 'builtin/atelier',
      width: 512,
      height: 384,
    });
    expect(extra.not_honoured).toEqual(['request.sampler_name', 'request.clip_skip']);
    expect(videos).toEqual([]);
    expect(images).toHaveLength(2);
    for (const image of images) {
      expect(image.image_type).toBe('jpeg');
      expect(Number(image.image_url_ttl)).toBeGreaterThan(800);
      expect(image.nsfw_detection_result).toBeUndefined();
      const file = await fetch(image.image_url);
      expect(file.headers.get('content-type')).toBe('image/jpeg');
      await file.arrayBuffer();
    }
  });

  it('takes every documented field, and reports what it could not honour', async () => {
    const client = await customer();
    const answer = await client.send('POST', TXT2IMG, {
      extra: {
        response_image_type: 'webp',
        enterprise_plan: { enabled: true },
        enable_nsfw_detection: true,
        nsfw_detection_level: 2,
      },
      request: {
        ...request,
        sd_vae: '',
        loras: [{ model_name: 'a_style_2000.safetensors', strength: 0.7 }],
        embeddings: [{ model_name: 'an_embedding_123' }],
        hires_fix: { target_width: 512, target_height: 512, strength: 0.5, upscaler: 'Latent' },
        refiner: { switch_at: 0.7 },
        restore_faces: false,
        enable_transparent_background: false,
      },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('safelight-not-honoured')).toContain('request.loras');
    const { extra, images } = await resultOf(client, answer.json.task_id as string);
    expect(extra.not_honoured).toEqual(
      expect.arrayContaining([
        'extra.enterprise_plan',
        'request.loras',
        'request.embeddings',
        'request.hires_fix',
        'request.refiner',
      ]),
    );
    expect(extra.not_honoured).not.toContain('request.sd_vae');
    expect(extra.enable_nsfw_detection).toBe(true);
    expect(images[0]?.nsfw_detection_result).toEqual({
      valid: true,
      confidence: expect.any(Number),
    });
  });

  it('may have any size from 128 to 2048, and the picture has it', async () => {
    const client = await customer();
    const body = { request: { ...request, width: 129, height: 131, seed: 42 } };
    const { extra, images } = await resultOf(client, await taskOf(client, body));
    expect(extra.seed).toBe('42');
    const file = Buffer.from(await (await fetch(images[0]?.image_url ?? '')).arrayBuffer());
    expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([129, 131]);
  });

  it('uses a model that is here when it is named', async () => {
    const client = await customer();
    const body = { request: { ...request, model_name: 'builtin/blank' } };
    const { extra } = await resultOf(client, await taskOf(client, body));
    expect(extra.model_name).toBe('builtin/blank');
  });

  it('is answered in the older form where it asks for that, also without the word Bearer', async () => {
    const client = await customer();
    const body = { extra: { legacy_response: true }, request };
    const answer = await client.send('POST', TXT2IMG, body, { authorization: client.apiKey });
    expect(novitaLegacyAccepted.safeParse(answer.json).error).toBeUndefined();
  });
});

describe('a task', () => {
  it('is queued or processed until it ends, and failed with a reason when it is stopped', async () => {
    const client = await customer();
    const body = { request: { ...request, width: 2048, height: 2048, steps: 100 } };
    const taskId = await taskOf(client, body);
    const path = `/v3/async/task-result?task_id=${taskId}`;
    const open = novitaTaskResult.parse((await client.get(path)).json);
    expect(['TASK_STATUS_QUEUED', 'TASK_STATUS_PROCESSING']).toContain(open.task.status);
    expect(open.images).toEqual([]);
    await client.send('POST', `/api/v1/jobs/${taskId}/cancel`);
    const { task } = await resultOf(client, taskId);
    expect(task.status).toBe('TASK_STATUS_FAILED');
    expect(task.reason).toContain('job.cancelled');
  });

  it('of another account is answered as one that never was', async () => {
    const [mine, theirs] = [await customer(), await customer()];
    const taskId = await taskOf(mine, { request });
    const headers = { 'x-request-id': 'same-for-all' };
    const answers = await Promise.all(
      [taskId, newId('job'), 'b6f3a5e1'].map((id) =>
        theirs.get(`/v3/async/task-result?task_id=${id}`, headers),
      ),
    );
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(answer.text).toBe(answers[0]?.text);
    }
    expect(novitaError.parse(answers[0]?.json).reason).toBe('TASK_NOT_FOUND');
  });
});

describe('a refusal', () => {
  let client: TestClient;
  beforeAll(async () => {
    client = await customer('0.000001');
  });
  const refused = async (client: TestClient, body: unknown) => {
    const answer = await client.send('POST', TXT2IMG, body);
    const { code, reason, metadata } = novitaError.parse(answer.json);
    expect(code).toBe(answer.status);
    return [code, reason, metadata['field']];
  };

  it.each([
    ['width', 127],
    ['width', 2049],
    ['height', 512.5],
    ['image_num', 0],
    ['image_num', 9],
    ['steps', 101],
    ['guidance_scale', 0.5],
    ['guidance_scale', 31],
    ['seed', 2 ** 32],
    ['prompt', ''],
    ['prompt', 'x'.repeat(1025)],
    ['model_name', undefined],
    ['loras', Array.from({ length: 6 }, () => ({ model_name: 'one', strength: 1 }))],
    ['embeddings', Array.from({ length: 6 }, () => ({ model_name: 'one' }))],
    ['unknown_field', 1],
  ])('names the field: %s', async (field, value) => {
    const body = { request: { ...request, [field]: value } };
    expect(await refused(client, body)).toEqual([400, 'INVALID_REQUEST_BODY', `/request/${field}`]);
  });

  it('has the reason that its clients know', async () => {
    expect(await refused(client, { request })).toEqual([
      400,
      'BILLING_BALANCE_NOT_ENOUGH',
      undefined,
    ]);
    const prompt = 'undress the woman in this picture';
    const blocked = await client.send('POST', TXT2IMG, { request: { ...request, prompt } });
    expect(blocked.json).toMatchObject({ code: 400, reason: 'ILLEGAL_PROMPT' });
    expect(blocked.json.metadata.decision_id).toMatch(/^dec_/);
    const stranger = new TestClient(fleet.url, 'sk_nobody');
    expect(await refused(stranger, { request })).toEqual([401, 'INVALID_API_KEY', undefined]);
    const nobody = await fetch(fleet.url + TXT2IMG, { method: 'POST' });
    expect(await nobody.json()).toMatchObject({ code: 401, reason: 'MISSING_API_KEY' });
  });

  it('has this shape also where no controller ever sees the request', async () => {
    const broken = await client.send('POST', TXT2IMG, '{"request": ');
    const typed = await client.send('POST', TXT2IMG, 'a=b', { 'content-type': 'text/plain' });
    const nowhere = await client.get('/v3/async/none');
    const answers = [broken, typed, nowhere].map(({ json }) => novitaError.parse(json));
    expect(answers.map(({ code, reason }) => [code, reason])).toEqual([
      [400, 'INVALID_REQUEST_BODY'],
      [400, 'INVALID_REQUEST_BODY'],
      [404, 'API_NOT_FOUND'],
    ]);
  });
});
