import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import {
  jobAnswer,
  getBalance,
  getJob,
  problemDocument,
  uploadAnswer,
  type JobResource,
} from '@safelight/contracts';
import { pdqOf, type Pdq, pdqOfPicture } from '@safelight/perceptual-hash';
import { decodeFilm, eventually } from '@safelight/testing';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';
import { bringBank, retireBankOf } from './known-bank.js';

const small = { prompt: 'a quiet lake at dawn', width: 256, height: 256, steps: 4, seed: 3 };
let fleet: Fleet;
let client: TestClient;

beforeAll(async () => {
  fleet = await Fleet.start({ layout: 'one process' });
  client = new TestClient(fleet.url, (await fleet.account('100')).apiKey);
}, 120_000);
afterAll(() => fleet.close(), 60_000);

const fetched = async ({ outputs: [output] }: JobResource): Promise<Buffer> => {
  const answer = await fetch(output?.url ?? '');
  if (answer.status !== 200) throw new Error(`no picture: ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
};
/** The pixels of a strip of a picture, `width` wide. */
const cut = (picture: Buffer, left: number, width: number): Promise<Buffer> =>
  sharp(picture).removeAlpha().extract({ left, top: 0, width, height: 256 }).raw().toBuffer();
const whiteRight = sharp({
  create: { width: 256, height: 256, channels: 3, background: '#000' },
}).composite([
  {
    input: { create: { width: 128, height: 256, channels: 3, background: '#fff' } },
    left: 128,
    top: 0,
  },
]);
const sizeOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];

/** Posts, follows to the end, and checks the job against the contract. */
async function made(path: string, body: object): Promise<JobResource> {
  const accepted = await client.send('POST', `/api/v1${path}`, body);
  if (accepted.status !== 202) throw new Error(`refused: ${accepted.text}`);
  const id = accepted.json.data.id as string;
  await client.ended(id);
  return jobAnswer.parse((await client.get(`/api/v1/jobs/${id}`)).json).data;
}

async function uploaded(bytes: Buffer): Promise<string> {
  const answer = await fetch(`${fleet.url}/api/v1/uploads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.apiKey}`, 'content-type': 'image/png' },
    body: new Uint8Array(bytes),
  });
  return uploadAnswer.parse(await answer.json()).data.id;
}

describe('a picture, from its making to its deletion', () => {
  let first: JobResource;
  let upload: string;
  beforeAll(async () => {
    first = await made('/generate', small);
    upload = await uploaded(await fetched(first));
  }, 60_000);

  it('is what another one begins with', async () => {
    const kept = { ...small, prompt: 'a quiet lake at night', image: upload };
    const like = await made('/generate', { ...kept, strength: 0.2 });
    expect(like).toMatchObject({ status: 'completed', type: 'generate' });
    expect(like.inputs).toEqual([{ role: 'image', width: 256, height: 256 }]);
    const free = await made('/generate', { ...small, prompt: kept.prompt });
    expect((await fetched(like)).equals(await fetched(free))).toBe(false);
  });

  it('is edited, at the price of its size', async () => {
    const edit = { prompt: 'a red sunset sky', image: upload, automask: 'background', steps: 4 };
    const job = await made('/edit', edit);
    expect(job).toMatchObject({ status: 'completed', type: 'edit', price: '1' });
    expect(sizeOf(await fetched(job))).toEqual([256, 256]);
  });

  it('is edited where its mask is white, and nowhere else', async () => {
    const mask = (await whiteRight.png().toBuffer()).toString('base64');
    const edit = { prompt: 'a red fox in the snow', image: upload, mask, steps: 4, seed: 9 };
    const job = await made('/edit', edit);
    expect(job.inputs.map(({ role }) => role)).toEqual(['image', 'mask']);
    const [before, after] = [await fetched(first), await fetched(job)];
    // A few pixels at the rim may be blended.
    expect(await cut(after, 0, 120)).toEqual(await cut(before, 0, 120));
    expect(await cut(after, 136, 120)).not.toEqual(await cut(before, 136, 120));
  });

  it('is upscaled, at half the price of the result', async () => {
    const job = await made('/upscale', { image: upload, scale: 4 });
    expect(job).toMatchObject({ status: 'completed', type: 'upscale', price: '0.5' });
    expect(sizeOf(await fetched(job))).toEqual([1024, 1024]);
  });

  it('is not changed to show more of somebody', async () => {
    const body = { prompt: 'the same, in a swimsuit', image: upload, automask: 'subject' };
    const answer = await client.send('POST', '/api/v1/edit', body);
    expect(problemDocument.parse(answer.json)).toMatchObject({
      status: 400,
      code: 'PROMPT_BLOCKED',
    });
  });

  it('is nothing that a model is asked for which cannot do it', async () => {
    const asked = [
      ['/video', { prompt: 'waves', model: 'builtin/atelier' }, '/model'],
      ['/video', { prompt: 'waves', seconds: 10.5 }, '/seconds'],
      ['/video', { prompt: 'waves', fps: 31 }, '/fps'],
      ['/video', { prompt: 'waves', width: 1288 }, '/width'],
      ['/video', { prompt: 'waves', steps: 0 }, '/steps'],
      ['/upscale', { image: upload, model: 'builtin/blank' }, '/model'],
      ['/generate', { ...small, image: upload, model: 'builtin/blank' }, '/image'],
      ['/generate', { ...small, sampler: 'Euler a' }, '/sampler'],
    ] as const;
    for (const [path, body, pointer] of asked) {
      const { json } = await client.send('POST', `/api/v1${path}`, body);
      const { status, errors } = problemDocument.parse(json);
      expect([path, status, errors?.[0]?.pointer]).toEqual([path, 422, pointer]);
    }
  });

  it('begins a video, as words alone do', async () => {
    const asked = { width: 320, height: 256, seconds: 1.5, fps: 8, steps: 2, seed: 5 };
    const words = { ...asked, prompt: 'a sailing boat on a lake at sunset' };
    const quote = await client.send('POST', '/api/v1/quotes', {
      ...{ operation: 'video', request: words },
    });
    const { id, price } = quote.json.data as { id: string; price: string };
    const told = await made('/video', { ...words, quote_id: id });
    expect([price, told.price, told.charge?.captured]).toEqual(['2', '2', '2']);
    expect(told).toMatchObject({ status: 'completed', type: 'video', seconds: 1.5, fps: 8 });
    expect(told.outputs).toMatchObject([{ media_type: 'video/mp4', width: 320, height: 256 }]);
    const film = await decodeFilm(await fetched(told));
    expect(film).toMatchObject({ width: 320, height: 256, seconds: expect.closeTo(1.5, 2) });
    expect(film.frames).toHaveLength(12);
    expect(film.frames[0]).not.toEqual(film.frames[11]);

    const again = await made('/video', words);
    // Their content credentials name different jobs; the film is the same.
    expect((await decodeFilm(await fetched(again))).frames).toEqual(film.frames);
    const moved = await made('/video', { ...asked, prompt: 'a slow look', image: upload });
    expect(moved.inputs).toEqual([{ role: 'image', width: 256, height: 256 }]);
    expect((await decodeFilm(await fetched(moved))).frames).toHaveLength(12);
  });

  it('as a video is sent in parts to players that ask for them, and known as ours', async () => {
    const asked = { prompt: 'clouds over hills', width: 256, height: 256, seconds: 1, fps: 4 };
    const { outputs } = await made('/video', { ...asked, steps: 1 });
    const url = outputs[0]?.url ?? '';
    const whole = await fetch(url);
    expect(whole.headers.get('content-type')).toBe('video/mp4');
    expect(whole.headers.get('accept-ranges')).toBe('bytes');
    const bytes = Buffer.from(await whole.arrayBuffer());
    const part = await fetch(url, { headers: { range: 'bytes=100-299' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes 100-299/${bytes.length}`,
    ]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(100, 300));
    const verified = await client.send('POST', '/api/v1/provenance/verify', {
      image: bytes.toString('base64'),
    });
    expect(verified.json).toMatchObject({ data: { verdict: 'made_here' } });
  });

  it('makes several at once, each with a seed of its own', async () => {
    const { outputs } = await made('/generate', { ...small, n: 3, steps: 1 });
    expect(outputs.map(({ seed }) => seed)).toEqual([3, 4, 5]);
  });

  it('is deleted for good, and its job says so', async () => {
    const job = await made('/upscale', { image: upload });
    const path = `/api/v1/jobs/${job.id}`;
    const retried = await client.send('POST', `${path}/retry`);
    expect([retried.status, retried.json.code]).toEqual([409, 'CONFLICT']);
    const erased = await client.send('DELETE', path);
    expect([erased.status, jobAnswer.parse(erased.json).data.outputs]).toEqual([200, []]);
    expect((await client.send('DELETE', path)).json).toEqual(erased.json);
    expect((await fetch(job.outputs[0]?.url ?? '')).status).toBe(410);
    const story = (await client.get(`${path}/events`)).json.data as { type: string }[];
    expect(story.at(-1)?.type).toBe('ContentErased');
    // Another job's copy, and the upload, are whole.
    expect((await fetched(first)).length).toBeGreaterThan(1_000);
    expect((await client.get(`/api/v1/uploads/${upload}`)).status).toBe(200);
  });
});

describe('a picture on a list of known ones', () => {
  /** Whoever brings or makes one is suspended: an account of its own, looked at from inside. */
  const somebody = async () => {
    const { apiKey, accountId } = await fleet.account('100');
    const balance = () => fleet.requests.request(getBalance, { accountId });
    return { accountId, balance, theirs: new TestClient(fleet.url, apiKey) };
  };
  const expectBlocked = async (path: string, body: object) => {
    const { accountId, balance, theirs } = await somebody();
    const before = await balance();
    const accepted = await theirs.send('POST', `/api/v1${path}`, body);
    expect(accepted.status).toBe(202);
    const jobId = accepted.json.data.id as string;
    const job = () => fleet.requests.request(getJob, { jobId, accountId });
    await eventually(async () => (await job()).endedAt !== null, { deadlineMs: 60_000 });
    expect(await job()).toMatchObject({ status: 'blocked', outputs: [] });
    expect(await balance()).toEqual(before);
  };
  const bring = (pdq: Pdq) => bringBank(fleet, pdq);
  const retire = () => retireBankOf(fleet);

  it('is refused before anything is held, and blocked and given back where it is made', async () => {
    const known = { ...small, seed: 77 };
    const picture = await fetched(await made('/generate', known));
    const [pdq] = await pdqOfPicture(picture);
    await bring(pdq!);
    const turned = await sharp(picture).rotate(90).jpeg({ quality: 60 }).toBuffer();
    const image = turned.toString('base64');
    const body = { prompt: 'the same at night', image, automask: 'subject' };
    const { balance, theirs } = await somebody();
    const before = await balance();
    const refused = (await theirs.send('POST', '/api/v1/edit', body)).json;
    expect(refused).toMatchObject({ code: 'PROMPT_BLOCKED', rule_id: 'F5' });
    expect(refused).not.toHaveProperty('appeal');
    expect(await balance()).toEqual(before);
    await expectBlocked('/generate', known);
    await retire();
    expect(await made('/generate', known)).toMatchObject({ status: 'completed' });
  });

  it('is found in a film, where its last frame shows it', async () => {
    const film = { prompt: 'waves at dusk', width: 256, height: 256, seconds: 1, seed: 5 };
    const { frames, width, height } = await decodeFilm(await fetched(await made('/video', film)));
    await bring(pdqOf({ values: Float32Array.from(frames.at(-1)!), width, height })!);
    await expectBlocked('/video', film);
    const other = { ...film, prompt: 'a red barn', seed: 6 };
    expect(await made('/video', other)).toMatchObject({ status: 'completed' });
    await retire();
  });
});
