import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { provenanceAnswer, reportAnswer, reportStateAnswer } from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import sharp from 'sharp';
import { TestClient, type Answer } from './client.js';
import { Fleet } from './fleet.js';

const blank = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };

let fleet: Fleet;
let client: TestClient;
let anybody: TestClient;
beforeAll(async () => {
  fleet = await Fleet.start({ layout: 'one process' });
  client = new TestClient(fleet.url, (await fleet.account('100')).apiKey);
  anybody = new TestClient(fleet.url, 'none');
}, 120_000);
afterAll(() => fleet.close(), 60_000);

const said = ({ status, json }: Answer): unknown => [status, json.code];
const post = (path: string, body: unknown) => anybody.send('POST', `/api/v1/${path}`, body);

/** A picture that nobody made here. */
function waves(side = 160): Promise<Buffer> {
  const pixels = Buffer.alloc(side * side, 128).map((grey, at) => {
    const [x, y] = [at % side, Math.floor(at / side)];
    return grey + 60 * Math.sin(x / 9) * Math.cos(y / 13) + 50 * Math.sin((x + 2 * y) / 31);
  });
  return sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
    .png()
    .toBuffer();
}

describe('a picture that was made here', () => {
  it('takes a picture away at once when a notice is signed, and tells both sides', async () => {
    const job = await client.run(blank);
    const { id: output, url } = job.outputs[0] as { id: string; url: string };
    expect((await fetch(url)).status).toBe(200);
    const notice = { signature: 'Ada Example', good_faith: true };
    const told = { url, reason: 'sexual', contact: 'ada@example.com', notice };
    const unreachable = await post('reports', { ...told, contact: null });
    expect([unreachable.status, unreachable.json.errors[0].pointer]).toEqual([422, '/contact']);
    const filed = reportAnswer.parse((await post('reports', told)).json).data;
    expect(filed.acknowledgement.disabledFirst).toBe(true);
    const report = `/api/v1/reports/${filed.id}?handle=`;
    const state = async () => {
      const { json } = await anybody.get(`${report}${filed.handle}`);
      return reportStateAnswer.parse(json).data;
    };
    await eventually(async () => (await state()).state === 'disabled');
    expect((await state()).certificate).toMatchObject({ statement: 'takedown', state: 'disabled' });
    expect(said(await anybody.get(`${report}guessed`))).toEqual([404, 'NOT_FOUND']);
    const gone = await fetch(url);
    expect([gone.status, ((await gone.json()) as { code: string }).code]).toEqual([410, 'GONE']);
    const path = `/api/v1/jobs/${job.id as string}`;
    expect((await client.get(path)).json.data).toMatchObject({ status: 'completed', outputs: [] });
    const events = (await client.get(`${path}/events`)).json.data as { type: string }[];
    expect(events.at(-1)).toMatchObject({
      type: 'OutputWithheld',
      data: { output, case: filed.id },
    });
  });

  it('is told of a copy that is smaller, coarser and without its marks', async () => {
    const verify = async (image: Buffer) => {
      const { json } = await post('provenance/verify', { image: image.toString('base64') });
      const { verdict, evidence } = provenanceAnswer.parse(json).data;
      const by = evidence.filter(({ finding }) => finding === 'made_here');
      return { verdict, by: by.map(({ reader }) => reader) };
    };
    const made = async (path: string, body: object) => {
      const { json } = await client.send('POST', `/api/v1/${path}`, body);
      const job = await client.ended(json.data.id as string);
      return Buffer.from(await (await fetch(job.outputs[0].url as string)).arrayBuffer());
    };
    const asked = { prompt: 'a market town', width: 512, height: 512, steps: 2, seed: 3 };
    const picture = await made('generate', asked);
    expect(await verify(picture)).toEqual({
      ...{ verdict: 'made_here' },
      by: ['content_credentials', 'record', 'watermark', 'likeness'],
    });
    expect(await verify(await sharp(picture).jpeg({ quality: 50 }).toBuffer())).toEqual({
      ...{ verdict: 'made_here', by: ['watermark', 'likeness'] },
    });
    const cropped = sharp(picture).extract({ left: 37, top: 81, width: 420, height: 420 }).flop();
    expect(await verify(await cropped.webp({ quality: 75 }).toBuffer())).toMatchObject({
      by: expect.arrayContaining(['watermark']),
    });
    const little = await sharp(picture).resize(140, 140).jpeg({ quality: 60 }).toBuffer();
    expect(await verify(little)).toMatchObject({ by: expect.arrayContaining(['likeness']) });
    // Their own picture looks like what is made of it, and is not called ours.
    const theirs = await waves();
    await made('upscale', { image: theirs.toString('base64'), scale: 2 });
    expect(await verify(theirs)).toEqual({ verdict: 'unknown', by: [] });
  });
});

describe('an account that is suspended', () => {
  it('has its keys and links refused, and its waiting jobs end', async () => {
    const { apiKey, accountId } = await fleet.account('100');
    const theirs = new TestClient(fleet.url, apiKey);
    const { outputs } = await theirs.run(blank);
    const url = outputs[0].url as string;
    const open = await theirs.generate({ ...blank, model: 'builtin/atelier', steps: 60 });
    expect(open.status).toBe(202);
    const refused = await theirs.generate({ ...blank, prompt: 'a nude child' });
    expect([refused.status, refused.json.rule_id]).toEqual([400, 'F1']);
    const key = async () => said(await theirs.get('/api/v1/account'));
    await eventually(async () => (await fetch(url)).status === 403);
    expect(await key()).toEqual([403, 'FORBIDDEN']);
    // Nobody else is touched.
    expect((await client.get('/api/v1/account')).status).toBe(200);
    expect(accountId).toMatch(/^acc_/);
  });
});
