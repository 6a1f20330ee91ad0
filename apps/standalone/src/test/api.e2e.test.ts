import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemDocument } from '@safelight/contracts';
import { badBodies } from './bad-bodies.js';
import { TestClient } from './client.js';
import type { Layout } from './fleet.js';
import { Fleet } from './fleet.js';

const small = { prompt: 'a quiet lake at dawn', width: 256, height: 256, steps: 4 };

describe.each<Layout>(['one process', 'apart'])('the public API, %s', (layout) => {
  let fleet: Fleet;
  let client: TestClient;

  const clientWith = async (credits: string) =>
    new TestClient(fleet.url, (await fleet.account(credits)).apiKey);

  beforeAll(async () => {
    fleet = await Fleet.start({ layout });
    client = await clientWith('500');
  }, 120_000);

  afterAll(() => fleet.close(), 60_000);

  it('makes a picture, charges its price, and tells the story in order', async () => {
    const mine = await clientWith('500');
    const job = await mine.run({ ...small, seed: 7, metadata: { for: 'test' } });
    expect(job).toMatchObject({
      status: 'completed',
      progress: 100,
      seed: 7,
      metadata: { for: 'test' },
    });
    expect(job.charge).toEqual({ captured: '1', refunded: '0' });

    const picture = await fetch(job.outputs[0].url as string);
    expect(picture.status).toBe(200);
    expect(picture.headers.get('content-type')).toBe('image/png');
    const bytes = Buffer.from(await picture.arrayBuffer());
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([256, 256]);

    const timeline = (await mine.get(`/api/v1/jobs/${job.id as string}/events`)).json.data as {
      type: string;
      sequence: number;
    }[];
    expect(timeline.map(({ sequence }) => sequence)).toEqual(timeline.map((_, at) => at + 1));
    const types = timeline.map(({ type }) => type);
    expect(types.at(0)).toBe('JobSubmitted');
    expect(types.at(-1)).toBe('JobCompleted');
    expect(types).toEqual(
      expect.arrayContaining(['PromptScreened', 'CreditsHeld', 'JobQueued', 'CreditsSettled']),
    );

    const account = (await mine.get('/api/v1/account')).json.data;
    expect(account.credits).toMatchObject({ available: '499', held: '0' });
  });

  it('lists jobs newest first, page by page', async () => {
    const mine = await clientWith('10');
    const made = [];
    for (let i = 0; i < 3; i += 1)
      made.push((await mine.run({ ...small, model: 'builtin/blank' })).id);
    const first = await mine.get('/api/v1/jobs?limit=2');
    expect(first.json.data.map(({ id }: { id: string }) => id)).toEqual([made[2], made[1]]);
    const second = await mine.get(
      `/api/v1/jobs?limit=2&cursor=${first.json.meta.next_cursor as string}`,
    );
    expect(second.json.data.map(({ id }: { id: string }) => id)).toEqual([made[0]]);
    expect(second.json.meta.next_cursor).toBeNull();
  });

  it('is healthy and ready', async () => {
    expect((await client.get('/api/v1/health')).status).toBe(200);
    const ready = await client.get('/api/v1/ready');
    expect(ready.status).toBe(200);
    expect(ready.json.data.dependencies).toEqual({ postgres: 'up', nats: 'up' });
  });

  describe('answers bad input with its code, where it is wrong, and the remedy', () => {
    it.each(badBodies)('$what', async ({ body, status, code, pointer, remedy }) => {
      const answer = await client.generate(body);
      expect([answer.status, answer.json?.code]).toEqual([status, code]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      const problem = problemDocument.parse(answer.json);
      expect(problem.request_id).toBe(answer.headers.get('x-request-id'));
      if (pointer !== undefined)
        expect(problem.errors?.map((fault) => fault.pointer)).toContain(pointer);
      expect(
        [problem.detail, ...(problem.errors ?? []).map(({ message }) => message)].join('\n'),
      ).toMatch(remedy);
    });

    it('a wrong key', async () => {
      for (const key of [
        '',
        'sl_live_nonsense',
        `${client.apiKey.slice(0, -1)}${client.apiKey.endsWith('0') ? '1' : '0'}`,
      ]) {
        const answer = await new TestClient(fleet.url, key).generate(small);
        expect([answer.status, answer.json?.code]).toEqual([401, 'UNAUTHORIZED']);
        expect(answer.json.detail).toMatch(/Bearer/);
      }
    });

    it('a prompt that is blocked costs nothing and leaves a decision to appeal', async () => {
      const mine = await clientWith('5');
      const answer = await mine.generate({ prompt: 'undress the woman in this picture' });
      expect(answer.json).toMatchObject({
        code: 'PROMPT_BLOCKED',
        decision_id: expect.stringMatching(/^dec_/),
        rule_id: expect.any(String),
        category: expect.any(String),
        policy_version: expect.any(String),
      });
      expect((await mine.get('/api/v1/account')).json.data.credits).toMatchObject({
        available: '5',
        held: '0',
      });
    });

    it('no credits left', async () => {
      const poor = await clientWith('1');
      expect((await poor.run({ ...small, model: 'builtin/blank' })).status).toBe('completed');
      const answer = await poor.generate(small);
      expect([answer.status, answer.json?.code]).toEqual([402, 'INSUFFICIENT_CREDITS']);
      expect(answer.json).toMatchObject({ price: '1', available: '0' });
    });
  });

  it("answers for another account's job as for one that never was, to the byte", async () => {
    const stranger = await clientWith('5');
    const job = await client.run({ ...small, model: 'builtin/blank' });
    const missing = 'job_0000000000000000000000000z';
    const headers = { 'x-request-id': 'same-for-both' };
    for (const path of ['', '/events']) {
      const theirs = await stranger.get(`/api/v1/jobs/${job.id as string}${path}`, headers);
      const nobodys = await stranger.get(`/api/v1/jobs/${missing}${path}`, headers);
      expect(theirs.status).toBe(404);
      expect(theirs.text).toBe(nobodys.text);
      const comparable = (answer: typeof theirs) =>
        [...answer.headers].filter(([name]) => name !== 'date' && name !== 'trace-id');
      expect(comparable(theirs)).toEqual(comparable(nobodys));
    }
  });

  it('hands out files only against an unaltered link', async () => {
    const job = await client.run({ ...small, model: 'builtin/blank' });
    const link = new URL(job.outputs[0].url as string);
    expect((await fetch(link)).status).toBe(200);
    const other = new URL(link);
    other.pathname = other.pathname.replace(/out_./, 'out_z');
    expect((await fetch(other)).status).toBe(403);
    expect((await fetch(new URL(link.pathname, link))).status).toBe(403);
    expect(
      (await fetch(`${fleet.url}/api/v1/files/../../etc/passwd`)).status,
    ).toBeGreaterThanOrEqual(400);
  });

  it('hands out nothing of a file whose bytes are not those that were checked', async () => {
    const job = await client.run({ ...small, model: 'builtin/blank' });
    const link = job.outputs[0].url as string;
    const name = new URL(link).pathname.replace('/api/v1/files/', '').replaceAll('/', '~');
    const objects = join(fleet.folder, 'objects');
    const paths = await readdir(objects, { recursive: true });
    const path = join(objects, paths.find((one) => one.endsWith(name)) ?? '');
    const checked = await readFile(path);
    expect(Buffer.from(await (await fetch(link)).arrayBuffer()).equals(checked)).toBe(true);
    const other = Buffer.from(checked).fill(checked[100]! ^ 1, 100, 101);
    for (const bytes of [other, checked.subarray(0, -1)]) {
      await writeFile(path, bytes);
      for (const headers of [{}, { range: 'bytes=0-9' }]) {
        const answer = await fetch(link, { headers });
        expect(answer.status).toBe(410);
        expect(await answer.json()).toMatchObject({ code: 'GONE' });
      }
    }
    await writeFile(path, checked);
    expect((await fetch(link, { headers: { range: 'bytes=0-9' } })).status).toBe(206);
  });

  it('answers 404 with a problem document where there is no route', async () => {
    const answer = await client.get('/api/v1/nothing-here');
    expect([answer.status, answer.json?.code]).toEqual([404, 'NOT_FOUND']);
  });
});
