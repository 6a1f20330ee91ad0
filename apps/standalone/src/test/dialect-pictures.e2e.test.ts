/* oxlint-disable typescript/no-deprecated -- clients of today still send these fields */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  imagesAnswer,
  imagesError,
  novitaAccepted,
  novitaError,
  type NovitaTaskResult,
  novitaTaskResult,
} from '@safelight/contracts';
import OpenAI, { toFile } from 'openai';
import sharp from 'sharp';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';
import { answersToMosaic, refusals } from './hidden-picture.js';

const SIDE = 256;
const HALF = SIDE / 2;
const base64 = (bytes: Buffer) => bytes.toString('base64');
const file = (bytes: Buffer, name: string) => toFile(bytes, name, { type: 'image/png' });

let fleet: Fleet;
let image: Buffer;
beforeAll(async () => {
  fleet = await Fleet.start({ layout: 'one process' });
  image = await plain('#5a783c');
}, 120_000);
afterAll(() => fleet.close(), 60_000);

async function customer(credits = '100') {
  const { apiKey } = await fleet.account(credits);
  const openai = new OpenAI({ apiKey, baseURL: `${fleet.url}/v1` });
  return { openai, raw: new TestClient(fleet.url, apiKey) };
}

const plain = (colour: string, width = SIDE) =>
  sharp({ create: { width, height: SIDE, channels: 3, background: colour } })
    .png()
    .toBuffer();

type Rgba = readonly [number, number, number, number];
const WHITE: Rgba = [255, 255, 255, 255];
const BLACK: Rgba = [0, 0, 0, 255];
const CLEAR: Rgba = [0, 0, 0, 0];

/** One colour, and another in its right half. */
function halves(left: Rgba, right: Rgba): Promise<Buffer> {
  const row = Array.from({ length: SIDE }, (_, x) => (x < HALF ? left : right)).flat();
  const pixels = Uint8Array.from(Array.from({ length: SIDE }, () => row).flat());
  return sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 4 } })
    .png()
    .toBuffer();
}

/** How far the picture is from `image`, left and right of the middle: 0 to 255. */
async function distances(picture: Buffer): Promise<[number, number]> {
  const pixels = (bytes: Buffer) =>
    sharp(bytes).removeAlpha().toColourspace('srgb').raw().toBuffer();
  const [before, after] = await Promise.all([pixels(image), pixels(picture)]);
  const sums: [number, number] = [0, 0];
  for (let at = 0; at < before.length; at += 1) {
    const side = Math.floor(at / 3) % SIDE < HALF ? 0 : 1;
    sums[side] += Math.abs((before[at] ?? 0) - (after[at] ?? 0));
  }
  return [sums[0] / (HALF * SIDE * 3), sums[1] / (HALF * SIDE * 3)];
}

async function download(url = ''): Promise<Buffer> {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

describe("OpenAI's client", () => {
  it('repaints what is transparent in its mask and nothing else', async () => {
    const { openai, raw } = await customer();
    const made = await openai.images.edit({
      model: 'gpt-image-1',
      image: await file(image, 'image.png'),
      mask: await file(await halves(WHITE, CLEAR), 'mask.png'),
      prompt: 'a red kite over a stormy sea',
      size: '256x256',
    });
    const answer = imagesAnswer.parse(made);
    expect(answer.not_honoured).toBeUndefined();
    const [left, right] = await distances(Buffer.from(made.data?.[0]?.b64_json ?? '', 'base64'));
    expect(left).toBeLessThan(2);
    expect(right).toBeGreaterThan(10);
    const job = (await raw.get(`/api/v1/jobs/${answer.job_id}`)).json.data;
    expect(job).toMatchObject({ type: 'edit', width: SIDE, height: SIDE });
  });

  it('draws a picture anew after the prompt where it sends no mask', async () => {
    const { openai } = await customer();
    const made = await openai.images.edit({
      image: [await file(image, 'image.png')],
      prompt: 'a red kite over a stormy sea',
      n: 2,
      response_format: 'url',
    });
    const answer = imagesAnswer.parse(made);
    expect([answer.size, answer.data.length]).toEqual(['256x256', 2]);
    const [left, right] = await distances(await download(answer.url));
    expect(Math.min(left, right)).toBeGreaterThan(5);
  });

  it('is told which file does not do', async () => {
    const { openai } = await customer();
    const prompt = 'a red kite';
    const good = await file(image, 'image.png');
    const cases: [() => Promise<unknown>, string][] = [
      [
        async () =>
          openai.images.edit({
            prompt,
            image: good,
            mask: await file(await plain('red', 64), 'm'),
          }),
        'mask',
      ],
      [
        async () =>
          openai.images.edit({ prompt, image: await file(Buffer.from('no picture'), 'image.png') }),
        'image',
      ],
      [() => openai.images.edit({ prompt: '', image: good }), 'prompt'],
    ];
    for (const [request, param] of cases) {
      const error: unknown = await request().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ status: 400, param });
      const shape = imagesError.safeParse({ error: (error as { error: unknown }).error });
      expect(shape.error).toBeUndefined();
    }
  });

  it('has its form taken at the one route that takes forms', async () => {
    const { raw } = await customer();
    const headers = { authorization: `Bearer ${raw.apiKey}` };
    const post = (path: string, form: FormData) =>
      fetch(fleet.url + path, { method: 'POST', headers, body: form });
    const form = new FormData();
    form.set('prompt', 'a red kite');
    expect((await post('/api/v1/generate', form)).status).toBe(415);
    expect((await post('/v1/images/generations', form)).status).toBe(400);
    form.append('prompt', 'twice');
    const twice = await post('/v1/images/edits', form);
    expect([twice.status, imagesError.safeParse(await twice.json()).success]).toEqual([400, true]);
    const type = { ...headers, 'content-type': 'multipart/form-data; boundary=b' };
    const cut = await fetch(`${fleet.url}/v1/images/edits`, {
      ...{ method: 'POST', headers: type, body: '--b\r\ncontent-disposition: form-data; na' },
    });
    expect(cut.status).toBe(400);
  });
});

describe('a Novita task with a picture', () => {
  const words = {
    model_name: 'realisticVisionV40_v40VAE-inpainting_81543.safetensors',
    prompt: 'a red kite over a stormy sea',
    negative_prompt: 'blurred',
    image_num: 1,
    steps: 8,
    seed: -1,
    guidance_scale: 7.5,
    sampler_name: 'DPM++ 2M Karras',
  };

  async function resultOf(raw: TestClient, path: string, body: unknown): Promise<NovitaTaskResult> {
    const answer = await raw.send('POST', `/v3/async/${path}`, body);
    if (answer.status !== 200) throw new Error(`not accepted: ${answer.text}`);
    const { task_id } = novitaAccepted.parse(answer.json);
    await raw.ended(task_id);
    const result = await raw.get(`/v3/async/task-result?task_id=${task_id}`);
    return novitaTaskResult.parse(result.json);
  }

  it('begins with it: img2img', async () => {
    const { raw } = await customer();
    const request = {
      ...words,
      image_base64: base64(image),
      width: 256,
      height: 192,
      strength: 0.5,
    };
    const { task, images } = await resultOf(raw, 'img2img', { request });
    expect(task).toMatchObject({ task_type: 'IMG_TO_IMG', status: 'TASK_STATUS_SUCCEED' });
    const { width, height } = await sharp(await download(images[0]?.image_url)).metadata();
    expect([width, height]).toEqual([256, 192]);
  });

  it.each<[number, Rgba, Rgba]>([
    [0, BLACK, WHITE],
    [1, WHITE, BLACK],
  ])('repaints a part of it: inpainting, inverted %i', async (invert, left, right) => {
    const { raw } = await customer();
    const mask = await halves(left, right);
    const { task, extra, images } = await resultOf(raw, 'inpainting', {
      extra: { response_image_type: 'png' },
      request: {
        ...words,
        image_base64: `data:image/png;base64,${base64(image)}`,
        mask_image_base64: base64(mask),
        strength: 1,
        mask_blur: 4,
        inpainting_mask_invert: invert,
      },
    });
    expect(task).toMatchObject({ task_type: 'INPAINTING', status: 'TASK_STATUS_SUCCEED' });
    expect(extra.not_honoured).toEqual(['request.sampler_name', 'request.mask_blur']);
    const [kept, repainted] = await distances(await download(images[0]?.image_url));
    expect(kept).toBeLessThan(2);
    expect(repainted).toBeGreaterThan(10);
  });

  it('enlarges it: upscale, as its documentation shows it', async () => {
    const { raw } = await customer();
    const { task, extra, images } = await resultOf(raw, 'upscale', {
      extra: { response_image_type: 'jpeg' },
      request: {
        model_name: 'RealESRGAN_x4plus_anime_6B',
        scale_factor: 2,
        image_base64: base64(image),
      },
    });
    expect(task).toMatchObject({ task_type: 'UPSCALE', status: 'TASK_STATUS_SUCCEED' });
    expect(extra.model_name).toBe('builtin/lanczos');
    const { width, format } = await sharp(await download(images[0]?.image_url)).metadata();
    expect([width, format]).toEqual([2 * SIDE, 'jpeg']);
  });

  it.each([
    ['img2img', { image_base64: 'bm8gcGljdHVyZQ==' }, 'INVALID_IMAGE_FORMAT', 'image_base64'],
    ['img2img', { image_base64: '%%%' }, 'INVALID_REQUEST_BODY', 'image_base64'],
    ['upscale', { scale_factor: 5 }, 'INVALID_REQUEST_BODY', 'scale_factor'],
    ['upscale', { image_base64: undefined }, 'INVALID_REQUEST_BODY', 'image_base64'],
  ])('is refused by name: %s with %j', async (path, change, reason, field) => {
    const { raw } = await customer();
    const sized = path === 'img2img' ? { ...words, width: 256, height: 256 } : { scale_factor: 2 };
    const request = { model_name: 'any', image_base64: base64(image), ...sized, ...change };
    const answer = await raw.send('POST', `/v3/async/${path}`, { request });
    const error = novitaError.parse(answer.json);
    expect([error.code, error.reason]).toEqual([400, reason]);
    expect(error.metadata['field']).toBe(`/request/${field}`);
  });
});

it('a picture that hides who is in it is refused whichever way it comes, with either key', async () => {
  expect(await answersToMosaic(fleet.url, (await customer('7')).raw)).toEqual(refusals);
});
