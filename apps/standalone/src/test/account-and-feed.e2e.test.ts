import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountAnswer, feedAnswer, ledgerAnswer, usageAnswer } from '@safelight/contracts';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';

const blank = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };

type MadeKey = Readonly<Record<'id' | 'key', string>>;

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start({ layout: 'one process' });
}, 120_000);
afterAll(() => fleet.close(), 60_000);

const customer = async (credits = '100'): Promise<TestClient> =>
  new TestClient(fleet.url, (await fleet.account(credits)).apiKey);

describe('the account', () => {
  it('tells its credits, plan, limits and usage; every entry of its ledger; and the balance then', async () => {
    const client = await customer('10');
    const opened = ledgerAnswer.parse((await client.get('/api/v1/account/ledger')).json);
    const job = await client.run({ ...blank, n: 2 });
    const { data: account } = accountAnswer.parse((await client.get('/api/v1/account')).json);
    expect(account).toMatchObject({
      credits: { available: '8', held: '0' },
      plan: 'unmetered',
      limits: { key_per_minute: 1_000_000, open_jobs: null },
      usage: { jobs: 1, completed: 1, credits: '2' },
    });
    const ledger = ledgerAnswer.parse((await client.get('/api/v1/account/ledger?limit=2')).json);
    expect(ledger.meta.balance).toEqual({ available: '8', held: '0' });
    expect(ledger.data).toMatchObject([
      { type: 'capture', job_id: job.id, held_change: '-2', balance: { available: '8' } },
      { type: 'hold', job_id: job.id, available_change: '-2', balance: { held: '2' } },
    ]);
    const rest = `/api/v1/account/ledger?cursor=${ledger.meta.next_cursor!}`;
    expect((await client.get(rest)).json.data).toEqual(opened.data);
    const then = `/api/v1/account/ledger?as_of=${opened.data[0]!.at}`;
    expect((await client.get(then)).json.meta.balance).toEqual({ available: '10', held: '0' });
    const usage = usageAnswer.parse((await client.get('/api/v1/account/usage')).json);
    expect(usage.data).toMatchObject([{ model: 'builtin/blank', jobs: 1, credits: '2' }]);
    const never = await customer('0');
    expect((await never.get('/api/v1/account')).json.data.credits.available).toBe('0');
    expect((await never.get('/api/v1/account/ledger')).json.data).toEqual([]);
  });

  it('limits what it and its keys may spend, and says which limit a job would pass', async () => {
    const client = await customer('10');
    const limited = await client.send('PUT', '/api/v1/account/budgets', {
      ...{ daily: null, monthly: '3' },
    });
    expect(limited.json.data.monthly).toMatchObject({ limit: '3', spent: '0' });
    await client.run({ ...blank, n: 2 });
    const refused = await client.send('POST', '/api/v1/generate', { ...blank, n: 2 });
    expect([refused.status, refused.json.code] as unknown).toEqual([402, 'BUDGET_EXCEEDED']);
    expect(refused.json).toMatchObject({
      scope: 'account',
      period: 'month',
      limit: '3',
      spent: '2',
    });
    const { monthly } = (await client.get('/api/v1/account/budgets')).json.data;
    expect(monthly).toEqual({ limit: '3', spent: '2', resets_at: refused.json.resets_at });
    await client.send('PUT', '/api/v1/account/budgets', { daily: null, monthly: null });
    await client.run({ ...blank, n: 2 });
    const { data: entries } = (await client.get('/api/v1/account/ledger')).json;
    const changes = entries.filter(({ type }: { type: string }) => type === 'budget_change');
    expect(changes).toHaveLength(2);
    expect(changes).toMatchObject([{ available_change: '0' }, { job_id: null }]);
  });

  it('lets a key spend its budget and no more, and the key that replaces it neither', async () => {
    const owner = await customer('10');
    const scopes = ['jobs:read', 'jobs:write', 'account:read'];
    const made = await owner.send('POST', '/api/v1/keys', { scopes });
    const { id, key } = made.json.data as MadeKey;
    const path = `/api/v1/keys/${id}/budget`;
    await owner.send('PUT', path, { daily: '2', monthly: null });
    const worker = new TestClient(fleet.url, key);
    const raised = await worker.send('PUT', path, { daily: '9', monthly: null });
    expect([raised.status, raised.json.scope] as unknown).toEqual([403, 'account:write']);
    await worker.run(blank);
    const rotated = await owner.send('POST', `/api/v1/keys/${id}/rotate`, {});
    const { id: newId, key: newKey } = rotated.json.data as MadeKey;
    const successor = new TestClient(fleet.url, newKey);
    const refused = await successor.send('POST', '/api/v1/generate', { ...blank, n: 2 });
    expect([refused.status, refused.json.scope] as unknown).toEqual([402, 'key']);
    await successor.run(blank);
    const standing = (await owner.get(`/api/v1/keys/${newId}/budget`)).json.data;
    expect(standing.daily).toMatchObject({ limit: '2', spent: '2' });
    expect((await owner.get('/api/v1/account/budgets')).json.data.keys).toMatchObject([
      { key_id: id, daily: { spent: '2' } },
    ]);
    await owner.run({ ...blank, n: 2 });
    const stranger = await customer('0');
    expect((await stranger.get(path)).status).toBe(404);
    const bad = await owner.send('PUT', path, { daily: 5, monthly: '-1' });
    expect(bad.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/daily',
      '/monthly',
    ]);
  });

  it('cannot buy anything here, and says so; and names a query that it does not know', async () => {
    const client = await customer();
    const bought = await client.send('POST', '/api/v1/account/top-ups', { package: 'small' });
    expect([bought.status, bought.json.code] as unknown).toEqual([409, 'CONFLICT']);
    expect(bought.json.detail).toMatch(/operator/);
    const unknown = await client.send('POST', '/api/v1/account/top-ups', { package: 'all' });
    expect(unknown.json.errors[0].pointer).toBe('/package');
    for (const [path, pointer] of [
      ['?x=1', '?x'],
      ['/ledger?as_of=soon', '?as_of'],
      ['/ledger?cursor=x', '?cursor'],
      ['/usage?from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z', '?from'],
    ]) {
      const { status, json } = await client.get(`/api/v1/account${path}`);
      expect([status, json.errors[0].pointer] as unknown).toEqual([422, pointer]);
    }
  });
});

describe('the feed', () => {
  const feed = async (query = '') => {
    const answer = await fetch(`${fleet.url}/api/v1/feed${query}`);
    return { status: answer.status, headers: answer.headers, body: await answer.text() };
  };

  it('shows what its owner made public, strictly checked, and nothing of the owner', async () => {
    const { accountId, apiKey } = await fleet.account('10');
    const client = new TestClient(fleet.url, apiKey);
    await client.run({ ...blank, seed: 1 });
    const wanted = { kind: 'test', scopes: ['jobs:read', 'jobs:write'] };
    const { key } = (await client.send('POST', '/api/v1/keys', wanted)).json.data as {
      key: string;
    };
    await new TestClient(fleet.url, key).run({ ...blank, visibility: 'public', seed: 2 });
    const [first, second] = [
      await client.run({ ...blank, visibility: 'public', seed: 3 }),
      await client.run({ ...blank, visibility: 'public', seed: 4, n: 2 }),
    ];
    expect(second.visibility).toBe('public');
    const { body, headers } = await feed('?limit=1');
    expect(Number(headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0);
    expect(body).not.toContain(accountId);
    const page = feedAnswer.parse(JSON.parse(body));
    expect(page.data.map(({ job_id }) => job_id)).toEqual([second.id, second.id]);
    expect((await fetch(page.data[0]!.url)).status).toBe(200);
    const rest = await feed(`?limit=1&cursor=${page.meta.next_cursor!}`);
    const older = feedAnswer.parse(JSON.parse(rest.body));
    expect(older.data.map(({ job_id }) => job_id)).toEqual([first.id]);
    const last = feedAnswer.parse(
      JSON.parse((await feed(`?cursor=${older.meta.next_cursor!}`)).body),
    );
    expect(last.data).toEqual([]);
    expect((await feed('?tag=x')).status).toBe(422);
    expect((await client.send('DELETE', `/api/v1/jobs/${second.id as string}`)).status).toBe(200);
    const left = feedAnswer.parse(JSON.parse((await feed('?limit=1')).body));
    expect(left.data.map(({ job_id }) => job_id)).toEqual([first.id]);
  });

  it('has a place in a request, as has a bucket that nothing can be copied to here', async () => {
    const client = await customer();
    const s3 = { region: 'eu-central-1', bucket: 'my-pictures', path: 'made' };
    const storing = (storage: unknown) => client.generate({ ...blank, output: { storage } });
    const right = await storing({ s3 });
    expect([right.status, right.json.errors[0].pointer] as unknown).toEqual([
      422,
      '/output/storage',
    ]);
    expect(right.json.detail).toMatch(/no outbound storage configured/);
    const wrong = await storing({ s3: { ...s3, bucket: 'B', colour: 1 } });
    const pointers = (wrong.json.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers).toEqual(['/output/storage/s3/bucket', '/output/storage/s3/colour']);
    const shown = await client.generate({ ...blank, visibility: 'friends' });
    expect(shown.json.errors[0].pointer).toBe('/visibility');
  });
});
