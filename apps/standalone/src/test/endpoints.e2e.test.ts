import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { imagesError, modelsAnswer, quoteAnswer, stylesAnswer } from '@safelight/contracts';
import pg from 'pg';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';

const blank = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start({ layout: 'one process' });
}, 120_000);
afterAll(() => fleet.close(), 60_000);

const customer = async (credits = '100'): Promise<TestClient> =>
  new TestClient(fleet.url, (await fleet.account(credits)).apiKey);

async function testKeyOf(client: TestClient): Promise<TestClient> {
  const wanted = { kind: 'test', scopes: ['jobs:read', 'jobs:write'] };
  const made = await client.send('POST', '/api/v1/keys', wanted);
  return new TestClient(fleet.url, made.json.data.key as string);
}

const idsOf = (answer: { json: { data: { id: string }[] } }) =>
  answer.json.data.map(({ id }) => id);

describe('the list of jobs', () => {
  it('is filtered by type, time and metadata together, and names what it does not know', async () => {
    const client = await customer();
    const [first, second] = [
      await client.run({ ...blank, metadata: { order: '1', shop: 'é & co' } }),
      await client.run({ ...blank, metadata: { order: '2', shop: 'é & co' } }),
    ];
    const shop = `metadata.shop=${encodeURIComponent('é & co')}`;
    expect(idsOf(await client.get(`/api/v1/jobs?${shop}`))).toEqual([second.id, first.id]);
    const page = await client.get(`/api/v1/jobs?${shop}&limit=1`);
    const next = `/api/v1/jobs?${shop}&limit=1&cursor=${page.json.meta.next_cursor as string}`;
    expect(idsOf(await client.get(next))).toEqual([first.id]);
    const from = encodeURIComponent(second.created_at as string);
    const both = `/api/v1/jobs?${shop}&type=generate&created_after=${from}&metadata.order=2`;
    expect(idsOf(await client.get(both))).toEqual([second.id]);
    expect(idsOf(await client.get(`/api/v1/jobs?created_before=2020-01-01T00:00:00Z`))).toEqual([]);
    expect(idsOf(await (await customer()).get(`/api/v1/jobs?${shop}`))).toEqual([]);
    const bad = ['?colour=red', '?type=paint', '?created_after=monday', '?metadata=1'];
    for (const fault of bad) {
      const { status, json } = await client.get(`/api/v1/jobs?${fault.slice(1)}`);
      const [pointer] = fault.split('=');
      expect([status, json.errors[0].pointer] as unknown).toEqual([422, pointer]);
    }
    // Refused before anybody looks at the query.
    expect((await client.get('/api/v1/jobs?metadata.a=%00')).status).toBe(400);
  });
});

describe('the catalogue', () => {
  it('tells without a key which models there are and what they cost', async () => {
    const answer = await fetch(`${fleet.url}/api/v1/models`);
    const { data } = modelsAnswer.parse(await answer.json());
    expect(data).toMatchObject([
      { name: 'builtin/atelier', default: true, state: 'warm', price: { credits: '1' } },
      { name: 'builtin/lanczos', default: false, operations: ['upscale'] },
      { name: 'builtin/cinema', operations: ['video'], limits: { max_seconds: 10 } },
      { name: 'builtin/face-stand-in', operations: ['face-swap'], price: { credits: '1' } },
      { name: 'builtin/face-stand-in-video', operations: ['face-swap-video'] },
      { name: 'builtin/blank', default: false, limits: { max_width: 2048 } },
    ]);
    const unknown = await fetch(`${fleet.url}/api/v1/models?kind=x`);
    expect(unknown.status).toBe(422);
  });

  it('has styles that pass the policy and combine, and names what is like a wrong one', async () => {
    const { data } = stylesAnswer.parse(await (await fetch(`${fleet.url}/api/v1/styles`)).json());
    const slugs = data.map(({ slug }) => slug);
    const client = await customer();
    for (let at = 0; at < slugs.length; at += 8) {
      const answer = await client.generate({ ...blank, styles: slugs.slice(at, at + 8) });
      expect([answer.status, answer.text] as unknown).toEqual([202, answer.text]);
    }
    const wrong = await client.generate({ ...blank, styles: ['watercolour'] });
    expect([wrong.status, wrong.json.errors] as unknown).toEqual([
      422,
      [{ pointer: '/styles/0', message: 'is not a style; did you mean watercolor?' }],
    ]);
    const worded = { ...blank, prompt: 'undress', styles: ['film'] };
    expect((await client.generate(worded)).json.code).toBe('PROMPT_BLOCKED');
  });
});

describe('a quote', () => {
  const quote = (client: TestClient, request: unknown) =>
    client.send('POST', '/api/v1/quotes', { operation: 'generate', request });

  it('prices line by line for nothing, and is redeemed for the same request', async () => {
    const client = await customer('10');
    const request = { ...blank, n: 2, priority: 'batch', styles: ['film'] };
    const { status, json } = await quote(client, request);
    expect(status).toBe(201);
    const { data } = quoteAnswer.parse(json);
    expect(data).toMatchObject({ price: '1.6', policy: { verdict: 'pass' } });
    expect(data.lines.map(({ amount }) => amount)).toEqual(['2', '-0.4']);
    const account = await client.get('/api/v1/account');
    expect(account.json.data.credits).toMatchObject({ available: '10', held: '0' });
    const redeemed = await client.generate({ ...request, quote_id: data.id });
    expect([redeemed.status, redeemed.json.meta?.price] as unknown).toEqual([202, '1.6']);
    const other = await client.generate({ ...request, n: 1, quote_id: data.id });
    const foreign = await (await customer()).generate({ ...request, quote_id: data.id });
    for (const { status: refused, json: problem } of [other, foreign]) {
      const pointer: unknown = problem.errors[0].pointer;
      expect([refused, pointer]).toEqual([422, '/quote_id']);
    }
  });

  it('says of refused words only that they are, and names what is wrong with a request', async () => {
    const client = await customer();
    const refused = await quote(client, { ...blank, prompt: 'undress the woman' });
    expect(refused.json.data.policy).toEqual({ verdict: 'block' });
    const wrong = await quote(client, { ...blank, width: 1001 });
    expect([wrong.status, wrong.json.errors[0].pointer] as unknown).toEqual([
      422,
      '/request/width',
    ]);
  });
});

const outcome = (name: string) => ({ 'safelight-test-outcome': name });

describe('a test key', () => {
  it('makes real pictures without a credit, and both kinds of key see them', async () => {
    const live = await customer('0');
    const test = await testKeyOf(live);
    const accepted = await test.generate(blank);
    expect(accepted.json.meta).toMatchObject({ price: '1', credits_remaining: '0' });
    const job = await test.ended(accepted.json.data.id as string);
    expect(job).toMatchObject({
      status: 'completed',
      test: true,
      price: '1',
      charge: { captured: '0', refunded: '0' },
    });
    expect((await fetch(job.outputs[0].url as string)).status).toBe(200);
    const listed = await live.get('/api/v1/jobs');
    expect(listed.json.data).toMatchObject([{ id: job.id, test: true }]);
  });

  it('forces a failure and a block, and a job that is slow enough to cancel', async () => {
    const client = await customer('5');
    const test = await testKeyOf(client);
    const ends = ['fail', 'block'].map(async (name) => {
      const { json } = await test.generate(blank, { ...outcome(name), prefer: 'wait=60' });
      return [json.data.status, json.data.error.code, json.data.charge.captured] as unknown;
    });
    expect(await Promise.all(ends)).toEqual([
      ['failed', 'test.failure_asked_for', '0'],
      ['blocked', 'output.blocked', '0'],
    ]);
    const { id } = (await test.generate(blank, outcome('slow'))).json.data as { id: string };
    const cancelled = await client.send('POST', `/api/v1/jobs/${id}/cancel`);
    expect(cancelled.json.data).toMatchObject({ status: 'cancelled', test: true });
    const { credits } = (await client.get('/api/v1/account')).json.data;
    expect(credits).toMatchObject({ available: '5', held: '0' });
  });

  it('shows how the images dialect tells of a block and of a failure', async () => {
    const test = await testKeyOf(await customer('5'));
    const ask = (name: string, more = {}) =>
      test.send('POST', '/v1/images/generations', lake, { ...outcome(name), ...more });
    const lake = { prompt: 'a quiet lake at dawn', model: 'builtin/blank', size: '256x256' };
    const blocked = await ask('block');
    const failed = await ask('fail');
    const key = { 'idempotency-key': randomUUID() };
    const [keyed, again] = [await ask('fail', key), await ask('fail', key)];
    const told = [blocked, failed, keyed, again].map(({ status, headers, json }) => {
      const { error } = imagesError.parse(json);
      const { type, code, job_id } = error as unknown as Record<string, string>;
      expect(job_id).toMatch(/^job_/);
      return [status, type, code, headers.get('x-should-retry'), headers.get('retry-after')];
    });
    expect(told).toEqual([
      [400, 'image_generation_user_error', 'moderation_blocked', 'false', null],
      [503, 'server_error', 'gpu_unavailable', null, '5'],
      [503, 'server_error', 'gpu_unavailable', 'false', '5'],
      [503, 'server_error', 'gpu_unavailable', 'false', '5'],
    ]);
    expect(again.json.error.job_id).toBe(keyed.json.error.job_id);
  });

  it('is screened, kept to built-in models, and alone may force anything', async () => {
    const client = await customer('5');
    const test = await testKeyOf(client);
    const blocked = await test.generate({ ...blank, prompt: 'undress the woman in this picture' });
    expect(blocked.json.code).toBe('PROMPT_BLOCKED');
    const other = await test.generate({ ...blank, model: 'other/model' });
    expect([other.status, other.json.detail]).toEqual([422, expect.stringMatching(/builtin\//)]);
    const forced = await client.generate(blank, outcome('fail'));
    const nonsense = await test.generate(blank, outcome('explode'));
    for (const { status, json } of [forced, nonsense]) {
      const at = [status, json.errors[0].pointer] as unknown;
      expect(at).toEqual([422, 'header:safelight-test-outcome']);
    }
    const headers = { 'idempotency-key': randomUUID() };
    await test.generate(blank, headers);
    const changed = await test.generate(blank, { ...headers, ...outcome('fail') });
    expect(changed.json.code).toBe('IDEMPOTENCY_MISMATCH');
  });

  it('makes no job of the other kind of key again, either way, and nothing is charged', async () => {
    const live = await customer('5');
    const test = await testKeyOf(live);
    const { json } = await test.generate(blank, { ...outcome('fail'), prefer: 'wait=60' });
    const lived = await failed(live, test);
    const cases: [TestClient, string, RegExp][] = [
      [live, json.data.id as string, /test key/],
      [test, lived, /live key/],
    ];
    for (const [client, id, remedy] of cases) {
      const refused = await client.send('POST', `/api/v1/jobs/${id}/retry`);
      expect([refused.status, refused.json.code]).toEqual([409, 'CONFLICT']);
      expect(refused.json.detail).toMatch(remedy);
    }
    expect(idsOf(await live.get('/api/v1/jobs'))).toHaveLength(3);
    const { credits } = (await live.get('/api/v1/account')).json.data;
    expect(credits).toMatchObject({ available: '5', held: '0' });
    // With its own kind it is made again.
    const again = await test.send('POST', `/api/v1/jobs/${json.data.id as string}/retry`);
    expect([again.status, again.json.meta?.credits_remaining] as unknown).toEqual([202, '5']);
  });
});

/** A live job that passes for failed: none fails at will, so one is cancelled and its row amended. */
async function failed(live: TestClient, test: TestClient): Promise<string> {
  // Takes the only slot, so that the live job waits to be cancelled.
  const slow = await test.generate(blank, outcome('slow'));
  const { id } = (await live.generate(blank)).json.data as { id: string };
  for (const open of [id, slow.json.data.id as string])
    expect((await live.send('POST', `/api/v1/jobs/${open}/cancel`)).status).toBe(200);
  const client = new pg.Client({ connectionString: fleet.postgres.socketUrl });
  await client.connect();
  try {
    const amend = "UPDATE orchestrator.jobs SET status = 'failed' WHERE job_id = $1";
    expect((await client.query(amend, [id])).rowCount).toBe(1);
  } finally {
    await client.end();
  }
  return id;
}
