import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  acceptedAnswer,
  analyzeVideoAnswer,
  jobAnswer,
  problemDocument,
} from '@safelight/contracts';
import {
  decodeFilm,
  drawnFace,
  eventually,
  StripeServer,
  testFilm,
  type SignedEvent,
} from '@safelight/testing';
import sharp from 'sharp';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';

let stripe: StripeServer;
let fleet: Fleet;
const films: Record<string, Buffer> = {};
/** What the fleet takes for https://media.example.com. */
const media = http.createServer((request, response) => {
  response.end(films[request.url ?? ''] ?? 'a page in place of a video');
});
beforeAll(async () => {
  media.listen(0, '127.0.0.1');
  await once(media, 'listening');
  stripe = await StripeServer.start();
  fleet = await Fleet.start({
    layout: 'one process',
    env: {
      STRIPE_SECRET_KEY: stripe.secretKey,
      STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
      STRIPE_API_URL: stripe.url,
      MEDIA_PORT: String((media.address() as AddressInfo).port),
    },
  });
}, 120_000);
afterAll(async () => {
  await fleet.close();
  await stripe.close();
  media.close();
}, 60_000);

const post = async ({ body, signature }: Pick<SignedEvent, 'body' | 'signature'>) => {
  const answer = await fetch(`${fleet.url}/api/v1/payments/stripe/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
    body,
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, never> };
};

const credits = async (client: TestClient): Promise<string> =>
  (await client.get('/api/v1/account')).json.data.credits.available as string;

describe('buying credits', () => {
  it('from the order to the balance, through the public API alone', async () => {
    const client = new TestClient(fleet.url, (await fleet.account('10')).apiKey);
    const ordered = await client.send('POST', '/api/v1/account/top-ups', { package: 'large' });
    expect(ordered.status).toBe(201);
    expect(ordered.json.data).toMatchObject({
      ...{ status: 'pending', package: 'large', credits: '3000', usd: '108.00' },
      ...{ origin: 'checkout', refunded_usd: '0.00', paid_at: null },
    });
    const { id, checkout_url } = ordered.json.data as { id: string; checkout_url: string };
    expect(checkout_url.startsWith(`${stripe.url}/pay/`)).toBe(true);
    const [succeeded, completed] = stripe.pay(checkout_url.split('/').at(-1) ?? '');
    const altered = { ...completed, body: completed.body.replace('10800', '10801') };
    expect(await post(altered)).toMatchObject({ status: 400, json: { code: 'BAD_REQUEST' } });
    const answers = await Promise.all([completed, completed, succeeded].map(post));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await credits(client)).toBe('3010');
    const shown = await client.get(`/api/v1/account/top-ups/${id}`);
    expect(shown.json.data).toMatchObject({ status: 'paid', checkout_url: null });
    expect(shown.json.data.paid_at).not.toBeNull();
    const list = await client.get('/api/v1/account/top-ups');
    expect(list.json.data).toEqual([shown.json.data]);
    const stranger = new TestClient(fleet.url, (await fleet.account('10')).apiKey);
    expect((await stranger.get(`/api/v1/account/top-ups/${id}`)).status).toBe(404);
  });

  it('takes only events, of a bounded size', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(300_000) });
    expect((await post({ body: large, signature: stripe.sign(large) })).status).toBe(413);
    const headers = { 'content-type': 'application/json' };
    const to = `${fleet.url}/api/v1/payments/stripe/events`;
    const unsigned = await fetch(to, { method: 'POST', headers, body: '{}' });
    expect(unsigned.status).toBe(400);
    const empty = await fetch(to, { method: 'POST' });
    expect(empty.status).toBe(400);
  });
});

describe('a face', () => {
  const size = { width: 160, height: 128 };
  let client: TestClient;
  let image: string;
  let face: string;
  /** The kinds of events that the last job's stream told. */
  let told: (string | undefined)[];
  beforeAll(async () => {
    client = new TestClient(fleet.url, (await fleet.account('50')).apiKey);
    const head = await drawnFace(size);
    image = head.toString('base64');
    face = (await drawnFace({ ...size, skin: '#8d5a3c' })).toString('base64');
    const pixels = await sharp(head).ensureAlpha().raw().toBuffer();
    films['/walk.mp4'] = await testFilm({ ...size, frames: 36, fps: 6, draw: () => pixels });
    films['/long.mp4'] = await testFilm({ ...size, frames: 61, fps: 1 });
  });
  const ask = (path: string, body: object) => client.send('POST', `/api/v1${path}`, body);
  const refusal = async (path: string, body: object) => {
    const { status, code, errors } = problemDocument.parse((await ask(path, body)).json);
    return [status, code, errors?.[0]?.pointer];
  };
  const made = async (path: string, body: object) => {
    const answer = await ask(path, body);
    const { data, meta } = acceptedAnswer.parse(answer.json);
    expect(meta.warnings?.map(({ code }) => code)).toEqual(['stand_in']);
    // Told live, and to the end.
    const events = await client.get(`/api/v1/jobs/${data.id}/events`, {
      accept: 'text/event-stream',
    });
    told = [...events.text.matchAll(/^event: ?(\S+)$/gm)].map(([, event]) => event);
    return jobAnswer.parse((await client.get(`/api/v1/jobs/${data.id}`)).json).data;
  };
  const file = async (url = '') => Buffer.from(await (await fetch(url)).arrayBuffer());
  const film = (name: string) => `https://media.example.com/${name}`;

  it('is laid over an image by a stand-in, with consent alone', async () => {
    const recorded = await ask('/consents', {
      ...{ subject: 'model 17', purpose: 'a face swap', evidence_sha256: 'a'.repeat(64) },
    });
    const { id: consent } = recorded.json.data as { id: string };
    const job = await made('/face-swap', { image, face, consent });
    expect(job).toMatchObject({ status: 'completed', type: 'face-swap', price: '1', ...size });
    expect(job.inputs.map(({ role }) => role)).toEqual(['image', 'face']);
    expect((await file(job.outputs[0]?.url)).equals(Buffer.from(image, 'base64'))).toBe(false);
    expect((await client.send('DELETE', `/api/v1/consents/${consent}`)).status).toBeLessThan(300);
    const agreed = { image, face, biometric_consent: true };
    const over = await refusal('/face-swap', { ...agreed, consent });
    expect(over).toEqual([400, 'CONSENT_REQUIRED', '/consent']);
    expect(await refusal('/face-swap', { image, face })).toEqual([
      ...[400, 'CONSENT_REQUIRED', '/biometric_consent'],
    ]);
    const quote = async (request: object) => ask('/quotes', { operation: 'face-swap', request });
    expect((await quote(agreed)).json.data).toMatchObject({ price: '1' });
    expect((await quote({ image, face })).json.code).toBe('CONSENT_REQUIRED');
    const wall = await sharp({ create: { ...size, channels: 3, background: '#578' } })
      .png()
      .toBuffer();
    const faceless = await made('/face-swap', { ...agreed, image: wall.toString('base64') });
    expect(faceless).toMatchObject({ status: 'failed', error: { code: 'engine.face_not_found' } });
    expect(faceless.charge).toEqual({ captured: '0', refunded: '1' });
  });

  it('whose consent is revoked is in no output any more, made or to be made, within five seconds', async () => {
    const said = { subject: 'model 18', purpose: 'a face swap', evidence_sha256: 'b'.repeat(64) };
    const { id: consent } = (await ask('/consents', said)).json.data as { id: string };
    const done = await made('/face-swap', { image, face, consent });
    const link = done.outputs[0]?.url ?? '';
    expect((await fetch(link)).status).toBe(200);
    // The only worker has enough to do for as long as this takes.
    const ahead = await client.generate({
      prompt: 'a slow sea',
      width: 1_024,
      height: 1_024,
      steps: 100,
    });
    const waiting = await ask('/face-swap', { image, face, consent });
    expect(waiting.status).toBe(202);
    const read = async (id: unknown) =>
      jobAnswer.parse((await client.get(`/api/v1/jobs/${String(id)}`)).json).data;

    expect((await client.send('DELETE', `/api/v1/consents/${consent}`)).status).toBe(200);
    expect((await read(done.id)).outputs).toEqual([]);
    const stopped = await eventually(
      async () => {
        const job = await read(waiting.json.data.id);
        return (await fetch(link)).status === 410 && job.deleted_at !== null && job;
      },
      { deadlineMs: 5_000 },
    );
    expect(stopped).toMatchObject({ status: 'cancelled', error: { code: 'consent.revoked' } });
    expect(stopped.charge).toEqual({ captured: '0', refunded: '1' });
    expect(problemDocument.parse(await (await fetch(link)).json()).code).toBe('GONE');
    await client.send('POST', `/api/v1/jobs/${String(ahead.json.data.id)}/cancel`);
  });

  it('is laid over a video once enough was paid: measured, tried, followed', async () => {
    const body = { video: film('walk.mp4'), face, biometric_consent: true };
    expect((await refusal('/face-swap-video', body)).slice(0, 2)).toEqual([
      402,
      'PAYMENT_REQUIRED',
    ]);
    const ordered = await ask('/account/top-ups', { package: 'large' });
    const { checkout_url } = ordered.json.data as { checkout_url: string };
    for (const event of stripe.pay(checkout_url.split('/').at(-1) ?? '')) await post(event);

    const before = await credits(client);
    const analysis = await ask('/face-swap-video/analyze', { video: body.video });
    expect(analyzeVideoAnswer.parse(analysis.json).data).toEqual({
      ...{ duration_seconds: 6, ...size, fps: 6, price: '9', preview_price: '7.5' },
    });
    expect(await credits(client)).toBe(before);

    const request = { ...body, preview: true };
    const quote = await ask('/quotes', { operation: 'face-swap-video', request });
    const quote_id = (quote.json.data as { id: string }).id;
    const job = await made('/face-swap-video', { ...request, quote_id });
    expect(job).toMatchObject({ status: 'completed', type: 'face-swap-video', price: '7.5' });
    expect(job).toMatchObject({ seconds: 5, fps: 6, charge: { captured: '7.5' } });
    expect(job.inputs.map(({ role }) => role)).toEqual(['video', 'face']);
    expect(told.filter((event) => event === 'progress').length).toBeGreaterThan(0);
    expect(told.at(-1)).toBe('JobCompleted');
    const output = await file(job.outputs[0]?.url);
    expect(await decodeFilm(output)).toMatchObject({ ...size, seconds: expect.closeTo(5, 2) });
    const erased = await client.send('DELETE', `/api/v1/jobs/${job.id}`);
    expect([erased.status, (await fetch(job.outputs[0]?.url ?? '')).status]).toEqual([200, 410]);
  });

  it('is not laid over what is no video, too long, or within the house', async () => {
    const body = { face, biometric_consent: true };
    for (const [video, status, code] of [
      [film('page.html'), 415, 'UNSUPPORTED_MEDIA'],
      [film('long.mp4'), 413, 'PAYLOAD_TOO_LARGE'],
      ['https://169.254.169.254/latest', 422, 'VALIDATION_ERROR'],
    ] as const) {
      const expected = [status, code, '/video'];
      expect(await refusal('/face-swap-video/analyze', { video })).toEqual(expected);
      expect(await refusal('/face-swap-video', { ...body, video })).toEqual(expected);
    }
  });
});
