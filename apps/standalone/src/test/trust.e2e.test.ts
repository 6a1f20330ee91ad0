import { execFile } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  consentAnswer,
  consentsAnswer,
  decisionAnswer,
  newId,
  provenanceAnswer,
  receiptKeysAnswer,
  reportAnswer,
  verifyReceipt,
} from '@safelight/contracts';
import { TestClient, type Answer } from './client.js';
import { Fleet } from './fleet.js';

const blank = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };

let fleet: Fleet;
let client: TestClient;
let stranger: TestClient;
let anybody: TestClient;
beforeAll(async () => {
  fleet = await Fleet.start({ layout: 'one process' });
  client = new TestClient(fleet.url, (await fleet.account('100')).apiKey);
  stranger = new TestClient(fleet.url, (await fleet.account('100')).apiKey);
  anybody = new TestClient(fleet.url, 'none');
}, 120_000);
afterAll(() => fleet.close(), 60_000);

/** What the script for customers says, which knows of the SDK alone. */
async function verified(evidence: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'safelight-receipts-'));
  const file = join(folder, 'receipts.json');
  await writeFile(file, JSON.stringify(evidence));
  try {
    const script = ['docs/examples/verify-receipt.mjs', file];
    return (await promisify(execFile)(process.execPath, script)).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const said = ({ status, json }: Answer): unknown => [status, json.code];
/** Answers alike to the byte, but for the id of the request and the trace. */
async function expectLikeNever(
  method: string,
  path: (id: string) => string,
  id: string,
  never: string,
  body?: unknown,
) {
  const headers = { 'x-request-id': 'same' };
  const [theirs, nobodys] = [
    await stranger.send(method, path(id), body, headers),
    await stranger.send(method, path(never), body, headers),
  ];
  expect(said(theirs)).toEqual([404, 'NOT_FOUND']);
  expect(theirs.text).toBe(nobodys.text);
}

describe('decisions', () => {
  const statement = { statement: 'It is a statue in a museum.' };

  it('have receipts that verify by the published key, and are appealed once', async () => {
    const refused = await client.generate({ ...blank, prompt: 'a nude statue' });
    const { decision_id: id, appeal } = refused.json as { decision_id: string; appeal: string };
    const keys = receiptKeysAnswer.parse((await anybody.get('/api/v1/decisions/keys')).json);
    const read = decisionAnswer.parse((await client.get(`/api/v1/decisions/${id}`)).json).data;
    expect(read).toMatchObject({ id, verdict: 'block', appealable: true, appeal: null });
    const { public_key } = keys.data.find(({ key_id }) => key_id === read.receipt.keyId)!;
    const der = Buffer.from(public_key, 'base64');
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    expect(verifyReceipt(key, read.receipt)).toBe(true);
    const [, path = ''] = appeal.split(' ');
    expect((await client.send('POST', path, statement)).json.data.state).toBe('open');
    expect(said(await client.send('POST', path, statement))).toEqual([409, 'CONFLICT']);
    const never = newId('dec');
    await expectLikeNever('GET', (one) => `/api/v1/decisions/${one}`, id, never);
    await expectLikeNever('POST', (one) => `/api/v1/decisions/${one}/appeal`, id, never, statement);
    expect(said(await client.get('/api/v1/decisions/nonsense'))).toEqual([404, 'NOT_FOUND']);
  });

  it('are proven offline, each with the one before it, and tampering fails', async () => {
    const receipts = [];
    const refused = await client.generate({ ...blank, prompt: 'a nude marble statue' });
    let id: string | undefined = refused.json.decision_id as string;
    while (id !== undefined) {
      const { data } = decisionAnswer.parse((await client.get(`/api/v1/decisions/${id}`)).json);
      receipts.push(data.receipt);
      if (receipts.length === 1) expect(data.statement_of_reasons).toContain('rule D1 of our');
      id = data.receipt.previous?.decisionId;
    }
    expect(receipts.length).toBeGreaterThan(1);
    const keys = (await anybody.get('/api/v1/decisions/keys')).json.data;
    expect(await verified({ keys, receipts })).toContain('is signed and names the next');
    const [newest, ...rest] = receipts;
    const tampered = { keys, receipts: [{ ...newest, verdict: 'pass' }, ...rest] };
    await expect(verified(tampered)).rejects.toThrow('NOT proven (bad_signature)');
  });

  it('about outputs are read by their job, and there is nothing to appeal when they passed', async () => {
    const job = await client.run(blank);
    const id = job.outputs[0].moderation.decision_id as string;
    const { data } = decisionAnswer.parse((await client.get(`/api/v1/decisions/${id}`)).json);
    expect(data).toMatchObject({ stage: 'output', verdict: 'pass', job_id: job.id });
    const appealed = await client.send('POST', `/api/v1/decisions/${id}/appeal`, statement);
    expect(said(appealed)).toEqual([409, 'CONFLICT']);
  });
});

describe('consents', () => {
  const wanted = {
    subject: 'model 17',
    purpose: 'face swap in our catalogue',
    evidence_sha256: 'a'.repeat(64),
  };

  it('are recorded, listed, read and revoked by their own account', async () => {
    const made = await client.send('POST', '/api/v1/consents', wanted);
    expect(made.status).toBe(201);
    const { data } = consentAnswer.parse(made.json);
    expect(data).toMatchObject({ ...wanted, live: true, expires_at: null });
    const path = (id: string) => `/api/v1/consents/${id}`;
    await expectLikeNever('GET', path, data.id, newId('cns'));
    await expectLikeNever('DELETE', path, data.id, newId('cns'));
    const gone = consentAnswer.parse((await client.send('DELETE', path(data.id))).json).data;
    expect(gone).toMatchObject({ live: false, revoked_at: expect.any(String) });
    expect((await client.get(path(data.id))).json.data).toEqual(gone);
    const list = consentsAnswer.parse((await client.get('/api/v1/consents?limit=5')).json);
    expect(list.data).toEqual([gone]);
    const bad = await client.send('POST', '/api/v1/consents', { ...wanted, evidence_sha256: 'x' });
    expect(bad.json.errors[0].pointer).toBe('/evidence_sha256');
  });
});

describe('anybody', () => {
  const post = (path: string, body: unknown) => anybody.send('POST', `/api/v1/${path}`, body);

  it('finds out whether an image was made here, and is never told that it was not', async () => {
    const job = await client.run(blank);
    const file = Buffer.from(await (await fetch(job.outputs[0].url as string)).arrayBuffer());
    const verify = async (image: Buffer) => {
      const { json } = await post('provenance/verify', { image: image.toString('base64') });
      return provenanceAnswer.parse(json).data;
    };
    expect(await verify(file)).toMatchObject({
      verdict: 'made_here',
      recorded_at: expect.any(String),
    });
    const edited = Buffer.concat([file, Buffer.from('x')]);
    expect(await verify(edited)).toMatchObject({
      verdict: 'unknown',
      recorded_at: null,
      mark: { digital_source_type: 'algorithmicMedia', creator_tool: 'Safelight builtin/blank' },
    });
    const others = Buffer.from(
      file.toString('latin1').replace('Safelight ', 'Somewhere '),
      'latin1',
    );
    expect(await verify(others)).toMatchObject({ verdict: 'marked_by_others' });
    const text = Buffer.from('no image').toString('base64');
    expect(said(await post('provenance/verify', { image: text }))).toEqual([
      415,
      'UNSUPPORTED_MEDIA',
    ]);
    expect(said(await post('provenance/verify', { image: '!' }))).toEqual([
      422,
      'VALIDATION_ERROR',
    ]);
    const large = Buffer.alloc(3_400_001).toString('base64');
    expect(said(await post('provenance/verify', { image: large }))).toEqual([
      413,
      'PAYLOAD_TOO_LARGE',
    ]);
  });

  it('reports an image by its job, its link or its bytes, a few times a minute', async () => {
    const job = await client.run(blank);
    const url = job.outputs[0].url as string;
    const image = Buffer.from(await (await fetch(url)).arrayBuffer()).toString('base64');
    for (const about of [{ job_id: job.id as string }, { url }, { image }]) {
      const { status, json } = await post('reports', { ...about, reason: 'likeness' });
      expect(status).toBe(201);
      const { created_at, due_at } = reportAnswer.parse(json).data;
      expect(Date.parse(due_at) - Date.parse(created_at)).toBe(48 * 3_600_000);
    }
    const wrong = [
      [{ reason: 'likeness' }, ''],
      [{ job_id: job.id as string, url, reason: 'likeness' }, ''],
      [{ url: 'https://example.com/a.png', reason: 'other' }, '/url'],
      [{ job_id: job.id as string, reason: 'dislike' }, '/reason'],
    ] as const;
    for (const [body, pointer] of wrong) {
      const { status, json } = await post('reports', body);
      expect([status, json.errors[0].pointer] as unknown).toEqual([422, pointer]);
    }
    const more = Array.from({ length: 40 }, () => post('reports', wrong[0][0]));
    const limited = (await Promise.all(more)).filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(Number(limited[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
