import { readdir, utimes } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, problemDocument, uploadAnswer } from '@safelight/contracts';
import { createEgress } from '@safelight/egress';
import { ImageIntake } from '@safelight/image-intake';
import { SealedObjects } from '@safelight/object-store';
import { dataSourceOver } from '@safelight/postgres';
import type { DataSource } from 'typeorm';
import { PictureIntake } from '../pictures/picture-intake.js';
import { Api, type Answered } from '../test/api.js';
import { accountWith, gatewayDatabase } from '../test/gateway-database.js';
import { canary, hostileFiles, plain, png } from '../test/pictures.js';
import { runningGateway } from '../test/running-gateway.js';
import { OrphanedUploads } from './orphaned-uploads.js';
import { UploadRow } from './upload.entity.js';
import { Uploads } from './uploads.js';

const database = gatewayDatabase();
const gateway = runningGateway(database);
let source: DataSource;
let uploads: Uploads;
let api: Api;
let accountId: string;
beforeAll(async () => {
  source = await dataSourceOver(database.pool, { entities: [UploadRow] });
  uploads = new Uploads(source, new SealedObjects(gateway.store));
  const account = await accountWith(database);
  api = new Api(gateway, account.apiKey);
  ({ accountId } = account);
});
afterAll(() => source.destroy());

/** Makes the file of the object two hours old. */
async function age(key: string): Promise<void> {
  const names = await readdir(gateway.folder, { recursive: true });
  const name = names.find((path) => path.endsWith(key.replaceAll('/', '~')));
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  await utimes(join(gateway.folder, name!), longAgo, longAgo);
}

/** A problem that names its field and says what to do. */
function expectProblem({ status, json }: Answered, code: string, pointer?: string): void {
  const problem = problemDocument.parse(json);
  expect([problem.status, problem.code]).toEqual([status, code]);
  expect(problem.detail.length).toBeGreaterThan(20);
  if (pointer !== undefined) expect(problem.errors?.[0]?.pointer).toBe(pointer);
}

describe('an upload', () => {
  it('is taken in by its content, told of, and there for 30 days', async () => {
    const bytes = await plain(300, 200).jpeg().toBuffer();
    const made = await api.upload(bytes, 'image/png');
    expect(made.status).toBe(201);
    const { data } = uploadAnswer.parse(made.json);
    expect(data).toMatchObject({ media_type: 'image/jpeg', width: 300, height: 200 });
    expect(data.id).toMatch(/^upl_/);
    const lifeMs = Date.parse(data.expires_at) - Date.parse(data.created_at);
    expect(lifeMs).toBe(30 * 24 * 3_600_000);
    const got = await api.send('GET', `/uploads/${data.id}`);
    expect(got.json).toEqual(made.json);
  });

  it('comes as base64 too, and lies sealed', async () => {
    const bytes = await png(40, 30);
    const { status, json } = await api.post('/uploads', { image: bytes.toString('base64') });
    expect(status).toBe(201);
    const { id } = uploadAnswer.parse(json).data;
    const lies = await gateway.store.get(`uploads/${accountId}/${id}`);
    expect(lies.bytes.includes('PNG')).toBe(false);
    expect((await uploads.open(accountId, id)).bytes.subarray(1, 4).toString()).toBe('PNG');
  });

  it('loses whatever was hung onto it', async () => {
    const { id } = await api.uploaded(Buffer.concat([await png(), Buffer.from(canary)]));
    expect((await uploads.open(accountId, id)).bytes.includes(canary)).toBe(false);
  });

  it('of hostile files gets each the refusal it deserves', async () => {
    const files = await hostileFiles();
    const seen = [];
    for (const [name, bytes, type] of files) {
      const answer = await api.upload(bytes, type);
      expectProblem(answer, String(answer.json.code));
      seen.push([name, answer.status, answer.json.code]);
    }
    expect(seen).toEqual(files.map(([name, , , status, code]) => [name, status, code]));
    expect((await api.upload(await png())).status).toBe(201);
  });

  it('that never ends is refused at its limit', async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 1;
        if (sent > 11) controller.close();
        else controller.enqueue(Buffer.alloc(1_000_000));
      },
    });
    const headers = { 'content-type': 'image/png' };
    const answer = await api.post('/uploads', body, headers).catch((error: unknown) => error);
    // The answer may come while the rest is being sent; a client may then see a broken connection.
    if (answer instanceof Error) expect(sent).toBeGreaterThan(10);
    else expectProblem(answer as Answered, 'PAYLOAD_TOO_LARGE');
  });

  it.each([
    ['nothing at all', {}, 'VALIDATION_ERROR', '/image'],
    ['an unknown field', { image: 'AAAA', name: 'x' }, 'VALIDATION_ERROR', '/name'],
    ['no base64', { image: 'a picture!' }, 'VALIDATION_ERROR', '/image'],
    ['a data: URL', { image: 'data:image/png;base64,AAAA' }, 'VALIDATION_ERROR', '/image'],
    ['another upload', { image: newId('upl') }, 'VALIDATION_ERROR', '/image'],
    ['a private address', { image: 'https://127.0.0.1/a.png' }, 'VALIDATION_ERROR', '/image'],
    ['plain http', { image: 'http://example.com/a.png' }, 'VALIDATION_ERROR', '/image'],
    ['base64 of something else', { image: 'AAAA' }, 'UNSUPPORTED_MEDIA', '/image'],
    ['too much base64', { image: 'A'.repeat(4_533_340) }, 'PAYLOAD_TOO_LARGE', '/image'],
  ])('in JSON with %s is refused by field', async (_, body, code, pointer) => {
    expectProblem(await api.post('/uploads', body), code, pointer);
  });

  it('is nobody else’s: a stranger finds what was never there', async () => {
    const { id } = await api.uploaded(await png());
    const stranger = new Api(gateway, (await accountWith(database)).apiKey);
    const same = ['instance', 'request_id'];
    const told = async (path: string) => {
      const { status, json } = await stranger.send('GET', path);
      return [status, Object.entries(json as object).filter(([name]) => !same.includes(name))];
    };
    const foreign = await told(`/uploads/${id}`);
    expect(foreign[0]).toBe(404);
    expect(await told(`/uploads/${newId('upl')}`)).toEqual(foreign);
    expect(await told('/uploads/nonsense')).toEqual(foreign);
    const { rows } = await database.pool.query('SELECT * FROM gateway.uploads');
    expect(rows).toEqual([]);
  });

  it('is gone when its time is over, with its file', async () => {
    const { id } = await api.uploaded(await png());
    const key = `uploads/${accountId}/${id}`;
    const age = `UPDATE gateway.uploads SET expires_at = now() - interval '1 s' WHERE id = $1`;
    await database.admin.query(age, [id]);
    expect((await api.send('GET', `/uploads/${id}`)).status).toBe(404);
    expect(await gateway.store.exists(key)).toBe(true);
    await uploads.forget();
    expect(await gateway.store.exists(key)).toBe(false);
  });

  it('that has a file and no row is swept once that is old, and no other is', async () => {
    const sweep = new OrphanedUploads(source, gateway.store);
    const octets = { mediaType: 'application/octet-stream' };
    const keys = [newId('upl'), newId('upl')].map((id) => `uploads/${accountId}/${id}`);
    for (const key of keys) await gateway.store.put(key, Buffer.from('x'), octets);
    const [orphan = '', young = ''] = keys;
    const { id } = await api.uploaded(await png());
    const own = `uploads/${accountId}/${id}`;
    for (const key of [orphan, own]) await age(key);
    // Others come in while it sweeps.
    const coming = Array.from({ length: 8 }, async () => api.uploaded(await png(10, 10)));
    await Promise.all([sweep.forget(), sweep.forget()]);
    const came = (await Promise.all(coming)).map((one) => `uploads/${accountId}/${one.id}`);
    expect(await gateway.store.exists(orphan)).toBe(false);
    for (const key of [young, own, ...came]) expect(await gateway.store.exists(key)).toBe(true);
  });

  it('can be removed by its owner alone, with its file', async () => {
    const { id } = await api.uploaded(await png());
    const stranger = new Api(gateway, (await accountWith(database)).apiKey);
    expect((await stranger.send('DELETE', `/uploads/${id}`)).status).toBe(404);
    const removed = await api.send('DELETE', `/uploads/${id}`);
    expect([removed.status, uploadAnswer.parse(removed.json).data.id]).toEqual([200, id]);
    expect(await gateway.store.exists(`uploads/${accountId}/${id}`)).toBe(false);
    expect((await api.send('DELETE', `/uploads/${id}`)).status).toBe(404);
  });

  it('is one of a thousand at most, however many come at once', async () => {
    const account = await accountWith(database);
    const fill = `
      INSERT INTO gateway.uploads (id, account_id, media_type, width, height, bytes, data_key,
        digests, expires_at)
      SELECT 'upl_filler_' || $1 || n, $1, 'image/png', 1, 1, 1, '', '{}', now() + interval '1 day'
      FROM generate_series(1, 998) n`;
    await database.admin.query(fill, [account.accountId]);
    const crowded = new Api(gateway, account.apiKey);
    const bytes = await png();
    const answers = await Promise.all(Array.from({ length: 5 }, () => crowded.upload(bytes)));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      201, 201, 409, 409, 409,
    ]);
  });

  it('sent twice with one idempotency key is one upload', async () => {
    const [bytes, other] = [await png(), await png(20, 20)];
    const headers = { 'content-type': 'image/png', 'idempotency-key': 'once' };
    const first = await api.post('/uploads', bytes, headers);
    const second = await api.post('/uploads', bytes, headers);
    expect(second.json).toEqual(first.json);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    const third = await api.post('/uploads', other, headers);
    expectProblem(third, 'IDEMPOTENCY_MISMATCH');
  });
});

describe('an image by URL', () => {
  const server = createServer((request, response) => {
    if (request.url === '/gone') return void response.writeHead(404).end('gone');
    if (request.url === '/endless') return void response.end(Buffer.alloc(10_000_001));
    void png(50, 20).then((bytes) => response.end(bytes));
  });
  let intake: ImageIntake;
  let pictures: PictureIntake;
  let at: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    at = `http://127.0.0.1:${port}`;
    intake = await ImageIntake.start({ maxBytes: 10_000_000, workers: 1 });
    // What an operator opens for a receiver of its own; nothing else of the guard is switched off.
    const egress = createEgress({ receivers: [`127.0.0.1:${port}`] });
    pictures = new PictureIntake({ intake, egress, uploads });
  });
  afterAll(async () => {
    await intake.close();
    await new Promise((resolve) => server.close(resolve));
  });
  const read = (path: string) =>
    pictures.read(accountId, { pointer: '/image', reference: `${at}${path}` });

  it('is fetched and drawn anew', async () => {
    expect(await read('/a.png')).toMatchObject({ width: 50, height: 20, mediaType: 'image/png' });
  });

  it.each([
    ['/gone', /answered 404/],
    ['/endless', /larger than is read/],
  ])('that cannot be used is refused by field: %s', async (path, remedy) => {
    await expect(read(path)).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      detail: expect.stringMatching(remedy) as unknown,
      options: { errors: [{ pointer: '/image' }] },
    });
  });
});
