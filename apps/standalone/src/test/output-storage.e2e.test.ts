import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jobAnswer, novitaTaskResult, type JobResource } from '@safelight/contracts';
import { eventually, S3Server } from '@safelight/testing';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';

const blank = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };
const BUCKET = 'customers-pictures';
const s3 = { region: 'eu-central-1', bucket: BUCKET, path: 'made' };
const storage = { s3 };

let store: S3Server;
let fleet: Fleet;
let client: TestClient;
beforeAll(async () => {
  const credentials = { accessKeyId: 'AKIAOFTEST', secretAccessKey: 'the secret of the test' };
  store = await S3Server.start(credentials, { [BUCKET]: { region: 'eu-central-1' } });
  fleet = await Fleet.start({
    layout: 'one process',
    env: {
      OUTPUT_S3_ACCESS_KEY_ID: credentials.accessKeyId,
      OUTPUT_S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      OUTPUT_S3_ENDPOINT: store.endpoint,
      OUTPUT_S3_ENDPOINT_ADDRESSES: `127.0.0.1:${store.port}`,
    },
  });
  client = new TestClient(fleet.url, (await fleet.account('100')).apiKey);
}, 120_000);
afterAll(async () => {
  await fleet.close();
  await store.close();
}, 60_000);

const jobOf = async (by: TestClient, id: string): Promise<JobResource> =>
  jobAnswer.parse((await by.get(`/api/v1/jobs/${id}`)).json).data;

/** The job once no copy of it is tried for the first time any more. */
const copied = (by: TestClient, id: string) =>
  eventually(async () => {
    const job = await jobOf(by, id);
    const tried = job.outputs.every(({ storage }) => (storage?.attempts ?? 0) > 0);
    return job.outputs.length > 0 && tried && job;
  });

const bytesAt = async (url: string): Promise<Buffer> => {
  const answer = await fetch(new URL(url, fleet.url));
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
};
/** What is stored for a job, by key. */
const keysOf = (jobId: string): string[] =>
  [...store.objects.keys()].filter((key) => key.includes(jobId));

async function testKey(): Promise<TestClient> {
  const made = await client.send('POST', '/api/v1/keys', {
    name: 'test',
    kind: 'test',
    scopes: ['jobs:read', 'jobs:write'],
  });
  return new TestClient(fleet.url, made.json.data.key as string);
}

describe('a bucket of the customer’s', () => {
  it('gets the very bytes that the links of the job lead to', async () => {
    const models = await client.get('/api/v1/models');
    expect(models.json.meta).toEqual({ next_cursor: null, output_storage: ['s3'] });
    const wanted = { ...blank, n: 2, output: { format: 'jpeg', storage } };
    const { id, charge } = await client.run(wanted);
    const job = await copied(client, id as string);
    expect(job.charge).toEqual(charge);
    expect(job.outputs).toHaveLength(2);
    for (const output of job.outputs) {
      const key = `made/${job.id}/${output.id}.jpg`;
      expect(output.storage).toMatchObject({
        ...{ state: 'delivered', region: s3.region, bucket: BUCKET, key, attempts: 1 },
        ...{ error: null, next_attempt_at: null },
      });
      const object = store.object(BUCKET, key);
      expect(object?.mediaType).toBe('image/jpeg');
      expect(object?.bytes.equals(await bytesAt(output.url))).toBe(true);
    }
    const listed = await client.get('/api/v1/jobs?limit=1');
    const shown = listed.json.data[0].outputs.map((one: { storage: unknown }) => one.storage);
    expect(shown).toEqual(job.outputs.map((output) => output.storage));
  });

  it('keeps its copy when the job is deleted', async () => {
    const job = await client.run({ ...blank, output: { storage } });
    const id = job.id as string;
    await copied(client, id);
    expect((await client.send('DELETE', `/api/v1/jobs/${id}`)).status).toBe(200);
    expect((await jobOf(client, id)).outputs).toEqual([]);
    expect(keysOf(id)).toHaveLength(1);
  });

  it('never gets what was not released', async () => {
    const tester = await testKey();
    const unreleased: string[] = [];
    for (const outcome of ['block', 'fail']) {
      const headers = { 'safelight-test-outcome': outcome };
      const accepted = await tester.generate({ ...blank, output: { storage } }, headers);
      const job = await tester.ended(accepted.json.data.id as string);
      expect([job.status, job.outputs]).toEqual([outcome === 'block' ? 'blocked' : 'failed', []]);
      unreleased.push(job.id as string);
    }
    // Later ones have come by now, and the failed one made again has kept its bucket.
    const after = await tester.run({ ...blank, output: { storage } });
    await copied(tester, after.id as string);
    const again = await tester.send('POST', `/api/v1/jobs/${unreleased[1] ?? ''}/retry`);
    expect(again.status).toBe(202);
    await tester.ended(again.json.data.id as string);
    const repeated = await copied(tester, again.json.data.id as string);
    expect(repeated.outputs[0]?.storage).toMatchObject({ state: 'delivered' });
    expect(unreleased.flatMap(keysOf)).toEqual([]);
    expect(keysOf(after.id as string)).toHaveLength(1);
  });

  it('that is not there is told with its reason, and the job is as good as any', async () => {
    const gone = { s3: { ...s3, bucket: 'nobodys-bucket' } };
    const { id } = await client.run({ ...blank, output: { storage: gone } });
    const job = await copied(client, id as string);
    expect(job.status).toBe('completed');
    expect(job.outputs[0]?.storage).toMatchObject({
      state: 'pending',
      error: { code: 'bucket_missing', message: expect.stringMatching(/NoSuchBucket/) },
    });
    expect((await bytesAt(job.outputs[0]?.url ?? '')).byteLength).toBeGreaterThan(0);
  });

  it('is checked when it is named, and has a place in a quote', async () => {
    for (const path of ['a/../b', 'a//b', '.', 'a\tb', 'x'.repeat(501)]) {
      const refused = await client.generate({
        ...blank,
        output: { storage: { s3: { ...s3, path } } },
      });
      expect([refused.status, refused.json.errors?.[0]?.pointer] as unknown).toEqual([
        422,
        '/output/storage/s3/path',
      ]);
    }
    const request = { ...blank, output: { storage } };
    const quoted = await client.send('POST', '/api/v1/quotes', { operation: 'generate', request });
    expect(quoted.status).toBe(201);
  });
});

describe('custom_storage of Novita’s clients', () => {
  it('puts the picture where they say', async () => {
    const custom_storage = { aws_s3: { ...s3, path: '/novita', save_to_path_directly: true } };
    const words = { prompt: 'a plain card', model_name: 'builtin/blank', steps: 4 };
    const accepted = await client.send('POST', '/v3/async/txt2img', {
      extra: { response_image_type: 'webp', custom_storage },
      request: { ...words, width: 256, height: 256, image_num: 1, seed: 1 },
    });
    expect(accepted.status).toBe(200);
    const id = accepted.json.task_id as string;
    await client.ended(id);
    const job = await copied(client, id);
    const key = `novita/${job.outputs[0]?.id ?? ''}.webp`;
    const result = await client.get(`/v3/async/task-result?task_id=${id}`);
    const { extra, images } = novitaTaskResult.parse(result.json);
    expect(extra.not_honoured ?? []).not.toContain('extra.custom_storage');
    const shown = await bytesAt(images[0]?.image_url ?? '');
    expect(store.object(BUCKET, key)?.bytes.equals(shown)).toBe(true);
  });
});
