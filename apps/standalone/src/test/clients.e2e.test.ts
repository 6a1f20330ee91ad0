import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, openAccount } from '@safelight/contracts';
import { TestClient, type Answer } from './client.js';
import { Fleet } from './fleet.js';

const blank = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };
const painted = { prompt: 'a quiet lake at dawn', width: 1024, height: 1024, steps: 60 };

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

describe('following a job', () => {
  interface Frame {
    readonly id?: string;
    readonly event?: string;
    readonly data?: string;
  }

  /** Reads frames of a stream until `enough`, then hangs up. */
  async function read(
    client: TestClient,
    jobId: string,
    lastId: string,
    enough: (frames: readonly Frame[]) => boolean,
  ): Promise<{ status: number; frames: Frame[]; ended: boolean }> {
    const answer = await fetch(`${client.url}/api/v1/jobs/${jobId}/events`, {
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${client.apiKey}`,
        'last-event-id': lastId,
      },
    });
    const frames: Frame[] = [];
    if (answer.status !== 200) return { status: answer.status, frames, ended: true };
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of answer.body!) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      const parts = rest.split('\n\n');
      rest = parts.pop() ?? '';
      frames.push(...parts.map(frameOf).filter(({ event }) => event !== undefined));
      // Leaving the loop hangs up.
      if (enough(frames)) return { status: 200, frames, ended: false };
    }
    return { status: 200, frames, ended: true };
  }
  const frameOf = (text: string): Frame =>
    Object.fromEntries(
      text
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );

  it('by a stream that is cut again and again and goes on at another gateway', async () => {
    const clients = await customer();
    const { id } = (await clients[0].generate(painted)).json.data as { id: string };
    const seen: string[] = [];
    let cuts = 0;
    for (let ended = false; !ended; cuts += 1) {
      const last = String(seen.length);
      const part = await read(clients[cuts % 2]!, id, last, (frames) => frames.length >= 1);
      seen.push(...part.frames.flatMap((frame) => frame.id ?? []));
      ended = part.frames.some(({ event }) => event === 'JobCompleted');
      expect(cuts).toBeLessThan(500);
    }
    expect(cuts).toBeGreaterThanOrEqual(20);
    const timeline = (await clients[0].get(`/api/v1/jobs/${id}/events`)).json.data as unknown[];
    expect(seen).toEqual(timeline.map((_, index) => String(index + 1)));
    // Who has seen the last event is told not to come back.
    expect((await read(clients[1], id, String(seen.length), () => true)).status).toBe(204);
  }, 60_000);

  it('by one stream to its end, with progress beside the numbered events', async () => {
    const [client] = await customer();
    const { id } = (await client.generate(painted)).json.data as { id: string };
    const { frames, ended } = await read(client, id, '', () => false);
    expect(ended).toBe(true);
    const numbered = frames.filter(({ id: number }) => number !== undefined);
    expect(numbered.map(({ id: number }) => number)).toEqual(
      numbered.map((_, index) => String(index + 1)),
    );
    expect(numbered.at(-1)?.event).toBe('JobCompleted');
    expect(JSON.parse(numbered[0]?.data ?? '')).toMatchObject({
      sequence: 1,
      type: 'JobSubmitted',
    });
    const progress = frames.filter(({ event }) => event === 'progress');
    expect(progress.length).toBeGreaterThan(0);
  }, 60_000);

  it('of somebody else, or that never was, is answered as everywhere', async () => {
    const [mine] = await customer();
    const [, theirs] = await customer();
    const { id } = (await mine.generate(blank)).json.data as { id: string };
    const headers = { accept: 'text/event-stream' };
    const foreign = await theirs.get(`/api/v1/jobs/${id}/events`, headers);
    const never = await theirs.get(`/api/v1/jobs/${newId('job')}/events`, headers);
    expect([foreign.status, never.status]).toEqual([404, 404]);
    expect(foreign.json.code).toBe('NOT_FOUND');
  });

  it('by waiting for it: the finished job in time, the accepted one otherwise', async () => {
    const [client] = await customer();
    const done = await client.generate(blank, { prefer: 'wait=30' });
    expect([done.status, done.json.data.status]).toEqual([200, 'completed']);
    expect(done.json.data.outputs).toHaveLength(1);
    expect(done.headers.get('preference-applied')).toBe('wait=30');
    const impatient = await client.generate({ ...painted, steps: 100 }, { prefer: 'wait=0' });
    expect([impatient.status, impatient.json.data.status]).toEqual([202, 'pending']);
    await client.send('POST', `/api/v1/jobs/${impatient.json.data.id as string}/cancel`);
  });

  it('until it is cancelled, which gives everything back', async () => {
    const [client, other] = await customer();
    const { id } = (await client.generate({ ...painted, steps: 100 })).json.data as { id: string };
    const cancelled = await other.send('POST', `/api/v1/jobs/${id}/cancel`);
    expect(cancelled.status).toBe(200);
    expect(cancelled.json.data).toMatchObject({
      status: 'cancelled',
      charge: { captured: '0', refunded: '1' },
    });
    expect(await available(client)).toBe('100');
    const finished = await client.run(blank);
    const late = await client.send('POST', `/api/v1/jobs/${finished.id as string}/cancel`);
    expect([late.status, late.json.code]).toEqual([409, 'CONFLICT']);
  });
});
