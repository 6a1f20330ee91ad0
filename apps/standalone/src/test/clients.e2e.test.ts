import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, openAccount } from '@safelight/contracts';
import { TestClient, type Answer } from './client.js';
import { Fleet } from './fleet.js';

const blank = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start({ layout: 'apart', gateways: 2 });
}, 120_000);
afterAll(() => fleet.close(), 60_000);

/** The same account, through each gateway. */
async function customer(credits = '100'): Promise<[TestClient, TestClient]> {
  const { apiKey } = await fleet.account(credits);
  const [first, second] = fleet.urls.map((url) => new TestClient(url, apiKey));
  return [first!, second!];
}
const available = async (client: TestClient): Promise<string> =>
  (await client.get('/api/v1/account')).json.data.credits.available as string;

describe('an idempotency key', () => {
  it('makes one job of fifty requests over two gateways, answered alike to the byte', async () => {
    const clients = await customer();
    const headers = { 'idempotency-key': randomUUID() };
    const ask = (i: number) => clients[i % 2]!.generate(blank, headers);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => ask(i)));
    const late = await ask(1);
    expect(late.status).toBe(202);
    expect(late.headers.get('idempotent-replayed')).toBe('true');
    for (const { status, text, json } of answers) {
      if (status === 202) expect(text).toBe(late.text);
      else expect(json).toMatchObject({ status: 409, code: 'IDEMPOTENCY_IN_PROGRESS' });
    }
    await clients[0].ended(late.json.data.id as string);
    expect(await available(clients[0])).toBe('99');
    expect((await clients[1].get('/api/v1/jobs')).json.data).toHaveLength(1);
  });

  it('tells what became of it: the job, its charge, and the answer that was given', async () => {
    const [client, other] = await customer();
    const [, stranger] = await customer();
    const key = randomUUID();
    const accepted = await client.generate(blank, { 'idempotency-key': key, prefer: 'wait=30' });
    const told = await other.get(`/api/v1/idempotency/${key}`);
    expect(told.json.data).toEqual([
      expect.objectContaining({
        route: 'POST /api/v1/generate',
        state: 'answered',
        answer: { status: 200, body: accepted.text },
        job_id: accepted.json.data.id,
        job: expect.objectContaining({
          status: 'completed',
          charge: { captured: '1', refunded: '0' },
        }),
      }),
    ]);
    expect((await stranger.get(`/api/v1/idempotency/${key}`)).status).toBe(404);
  });

  it('tells nobody again what an answer showed once', async () => {
    const [client] = await customer();
    const key = randomUUID();
    const wanted = { kind: 'live', scopes: ['jobs:read'] };
    const made = await client.send('POST', '/api/v1/keys', wanted, { 'idempotency-key': key });
    const reader = new TestClient(fleet.url, made.json.data.key as string);
    const told = await reader.get(`/api/v1/idempotency/${key}`);
    expect(told.json.data).toMatchObject([
      { route: 'POST /api/v1/keys', state: 'answered', answer: null, job_id: null },
    ]);
    expect(told.text).not.toContain('sl_live_');
  });

  it('refuses another body, and replays a refusal too', async () => {
    const [client] = await customer('0.5');
    const headers = { 'idempotency-key': randomUUID() };
    const poor = await client.generate(blank, headers);
    expect([poor.status, poor.json.code]).toEqual([402, 'INSUFFICIENT_CREDITS']);
    const again = await client.generate(blank, headers);
    expect([again.status, again.text]).toEqual([402, poor.text]);
    expect(again.headers.get('content-type')).toBe(poor.headers.get('content-type'));
    const other = await client.generate({ ...blank, seed: 3 }, headers);
    expect([other.status, other.json.code]).toEqual([422, 'IDEMPOTENCY_MISMATCH']);
    const malformed = await client.generate(blank, { 'idempotency-key': 'has a space' });
    expect([malformed.status, malformed.json.errors[0].pointer]).toEqual([
      422,
      'header:idempotency-key',
    ]);
  });
});

describe('the limits', () => {
  const standard = async () =>
    fleet.requests.request(openAccount, {
      accountId: newId('acc'),
      name: 'standard',
      plan: 'standard',
      grantMicros: 1_000_000_000n,
    });

  it('are told with every answer, hold over both gateways, and give watching its own', async () => {
    const { apiKey } = await standard();
    const clients = fleet.urls.map((url) => new TestClient(url, apiKey));
    const first = await clients[0]!.get('/api/v1/account');
    expect(first.headers.get('x-ratelimit-limit')).toBe('60');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('59');
    expect(Number(first.headers.get('x-ratelimit-reset'))).toBeGreaterThan(0);
    const answers: Answer[] = await Promise.all(
      Array.from({ length: 100 }, (_, i) => clients[i % 2]!.get('/api/v1/account')),
    );
    const limited = answers.filter(({ status }) => status === 429);
    expect(answers.length - limited.length).toBeGreaterThanOrEqual(59);
    expect(answers.length - limited.length).toBeLessThanOrEqual(65);
    for (const { json, headers } of limited) {
      expect(json.code).toBe('RATE_LIMITED');
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(headers.get('x-ratelimit-remaining')).toBe('0');
    }
    const watched = await clients[0]!.get('/api/v1/jobs');
    expect([watched.status, watched.headers.get('x-ratelimit-limit')]).toEqual([200, '600']);
  });
});

describe('keys', () => {
  it('are made, used, rotated and revoked, at once and on every gateway', async () => {
    const [client, other] = await customer();
    const wanted = { name: 'ci', scopes: ['jobs:read'] };
    const made = await client.send('POST', '/api/v1/keys', wanted);
    expect(made.status).toBe(201);
    const { id, key } = made.json.data as { id: string; key: string };
    const limited = new TestClient(other.url, key);
    expect((await limited.get('/api/v1/jobs')).status).toBe(200);
    const refused = await limited.generate(blank);
    expect([refused.status, refused.json.scope]).toEqual([403, 'jobs:write']);
    const listed = (await other.get('/api/v1/keys')).json.data as Record<string, unknown>[];
    expect(listed.map(({ name }) => name)).toEqual(['ci', 'first key']);
    expect(JSON.stringify(listed)).not.toContain(key);
    const rotated = await client.send('POST', `/api/v1/keys/${id}/rotate`, { overlap_seconds: 0 });
    expect(rotated.status).toBe(201);
    expect((await limited.get('/api/v1/jobs')).status).toBe(401);
    const fresh = new TestClient(other.url, rotated.json.data.key as string);
    expect((await fresh.get('/api/v1/jobs')).status).toBe(200);
    const gone = await client.send('DELETE', `/api/v1/keys/${rotated.json.data.id as string}`);
    expect(gone.status).toBe(200);
    expect((await fresh.get('/api/v1/jobs')).status).toBe(401);
    const bad = await client.send('POST', '/api/v1/keys', { scopes: ['everything'] });
    expect([bad.status, bad.json.errors[0].pointer]).toEqual([422, '/scopes/0']);
  });
});
