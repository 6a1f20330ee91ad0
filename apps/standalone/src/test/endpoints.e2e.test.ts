import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
      const { json } = await test.generate(blank, { ...outcome(name), prefer: 'wait=20' });
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
    expect(credits).toEqual({ available: '5', held: '0' });
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
});
