import { createConnection } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { newApiKey } from '../keys/api-key.js';
import { Api } from '../test/api.js';
import { accountWith, gatewayDatabase } from '../test/gateway-database.js';
import { runningGateway } from '../test/running-gateway.js';

const database = gatewayDatabase();
const gateway = runningGateway(database);
const lake = { prompt: 'a lake' };

describe('a submission that is refused for want of a GPU', () => {
  it('gives its place among the open jobs back, and one that nobody can tell of does not', async () => {
    const { apiKey, accountId } = await accountWith(database, { openJobsMax: 1 });
    const api = new Api(gateway, apiKey);
    const openJobs = async () => {
      const text = 'SELECT job_id FROM gateway.open_jobs WHERE account_id = $1';
      return (await database.admin.query(text, [accountId])).rowCount;
    };
    gateway.refusing = 'dispatch.unavailable';
    for (let asked = 0; asked < 3; asked += 1) {
      const { status, json, headers } = await api.post('/generate', lake);
      expect([status, json.code]).toEqual([503, 'GPU_UNAVAILABLE']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await openJobs()).toBe(0);
    }
    gateway.refusing = 'service.unavailable';
    expect((await api.post('/generate', lake)).status).toBeGreaterThanOrEqual(500);
    expect(await openJobs()).toBe(1);
    gateway.refusing = undefined;
  });
});

describe('what a plan says of running jobs', () => {
  it('travels with each submission', async () => {
    const { apiKey, accountId } = await accountWith(database, { runningJobsMax: 2, weight: 2.5 });
    const api = new Api(gateway, apiKey);
    expect((await api.post('/generate', lake)).status).toBe(202);
    const sent = gateway.submissions.filter((one) => one.accountId === accountId);
    expect(sent.map(({ spec }) => spec.share)).toEqual([{ weight: 2.5, runningMax: 2 }]);
    // What everybody has needs no words.
    const plain = await accountWith(database);
    await new Api(gateway, plain.apiKey).post('/generate', lake);
    const [other] = gateway.submissions.filter((one) => one.accountId === plain.accountId);
    expect(other?.spec).not.toHaveProperty('share');
  });

  it('caps open jobs with a refusal that names the cap', async () => {
    const { apiKey } = await accountWith(database, { openJobsMax: 1 });
    const api = new Api(gateway, apiKey);
    expect((await api.post('/generate', lake)).status).toBe(202);
    const { status, json, headers } = await api.post('/generate', lake);
    expect([status, json.code]).toEqual([429, 'RATE_LIMITED']);
    expect(json.detail).toContain('open_jobs is 1');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

/** Sends bytes and hears until there is a whole answer; the connection is never ended from here. */
const heard = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = createConnection(Number(new URL(gateway.url).port), '127.0.0.1', () =>
      socket.write(bytes, 'latin1'),
    );
    let answer = '';
    socket.setEncoding('latin1');
    socket.setTimeout(8_000, () => socket.destroy(new Error(`no answer, only: ${answer}`)));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    socket.on('data', (chunk: string) => {
      answer += chunk;
      // Told to go on, or told a whole problem: there is nothing else to wait for.
      if (answer.startsWith('HTTP/1.1 100') || answer.endsWith('}')) socket.destroy();
    });
  });

const uploads = 'POST /api/v1/uploads HTTP/1.1\r\nHost: api.example\r\n';
const edits = 'POST /v1/images/edits HTTP/1.1\r\nHost: api.example\r\n';
const large = 'Content-Length: 9000000\r\n';
const key = (text: string) => `Authorization: Bearer ${text}\r\n`;
const mistyped = key(`${newApiKey('live').slice(0, -1)}!`);
const ways: [string, string][] = [
  ['an upload', `${uploads}Content-Type: image/png\r\n`],
  ['an upload in JSON', `${uploads}Content-Type: application/json\r\n`],
  ['a form', `${edits}Content-Type: multipart/form-data; boundary=b\r\n`],
];
const length = (head: string) => (head.includes('json') ? 'Content-Length: 4000000\r\n' : large);

describe.each(ways)('%s without a key that could be one', (_, head) => {
  it.each([
    ['no key', ''],
    ['a mistyped key', mistyped],
  ])('is told so while most of its body is still to come: %s', async (_name, credential) => {
    const bytes = `${head}${credential}${length(head)}\r\n${'x'.repeat(5_000)}`;
    expect(await heard(bytes)).toMatch(/^HTTP\/1\.1 401 /);
    const chunked = `${head}${credential}Transfer-Encoding: chunked\r\n\r\n5\r\nxxxxx\r\n`;
    expect(await heard(chunked)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('is not told to go on when it asks first, and one with a key is', async () => {
    const asks = `${length(head)}Expect: 100-continue\r\n\r\n`;
    expect(await heard(head + asks)).toMatch(/^HTTP\/1\.1 401 /);
    expect(await heard(head + mistyped + asks)).toMatch(/^HTTP\/1\.1 401 /);
    const { apiKey } = await accountWith(database);
    expect(await heard(head + key(apiKey) + asks)).toMatch(/^HTTP\/1\.1 100 Continue/);
  });
});
