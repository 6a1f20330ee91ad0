import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateRequest } from '@safelight/contracts';
import { dataSourceOver } from '@safelight/postgres';
import type { DataSource } from 'typeorm';
import { Quotes } from '../quotes/quotes.js';
import { Api, type Answered } from '../test/api.js';
import { accountWith, gatewayDatabase } from '../test/gateway-database.js';
import { png } from '../test/pictures.js';
import { runningGateway } from '../test/running-gateway.js';

const database = gatewayDatabase();
const gateway = runningGateway(database);
let source: DataSource;
let api: Api;
let accountId: string;
beforeAll(async () => {
  source = await dataSourceOver(database.pool, { entities: [] });
  const account = await accountWith(database);
  ({ accountId } = account);
  api = new Api(gateway, account.apiKey);
});
afterAll(() => source.destroy());
beforeEach(() => {
  gateway.submissions.length = 0;
  gateway.refusing = undefined;
});

/** As if the gateway had died after it submitted and before it answered. */
async function die(key: string): Promise<void> {
  const { rowCount } = await database.admin.query(
    `UPDATE gateway.idempotency_keys SET status = NULL, headers = NULL, body = NULL,
       busy_until = now() WHERE key = $1`,
    [key],
  );
  expect(rowCount).toBe(1);
}

const upload = async () => (await api.uploaded(await png(20, 20))).id;
const remove = (id: string) => api.send('DELETE', `/uploads/${id}`);

/** Asks, dies, lets `lost` happen, and asks again. */
async function twice(path: string, body: unknown, lost: () => Promise<unknown>) {
  const headers = { 'idempotency-key': randomUUID() };
  const first = await api.post(path, body, headers);
  await die(headers['idempotency-key']);
  await lost();
  return [first, await api.post(path, body, headers)] as [Answered, Answered];
}

describe('a request that another gateway began', () => {
  it('finds the job that was made, though its upload is deleted meanwhile', async () => {
    const id = await upload();
    const [first, second] = await twice('/upscale', { image: id }, () => remove(id));
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.json).toEqual(first.json);
    expect(gateway.submissions).toHaveLength(1);
  });

  it('finds it though its quote is over', async () => {
    const asked = { prompt: 'a lake' };
    const request = generateRequest.parse(asked);
    const quote = await new Quotes(source).keep(accountId, 'generate', request, 1n);
    const over = 'UPDATE gateway.quotes SET expires_at = now() WHERE id = $1';
    const [first, second] = await twice('/generate', { ...asked, quote_id: quote.id }, () =>
      database.admin.query(over, [quote.id]),
    );
    expect(first.status).toBe(202);
    expect([second.status, second.json]).toEqual([202, first.json]);
    expect(gateway.submissions).toHaveLength(1);
  });

  it('is looked at like a new one where no job was made', async () => {
    const id = await upload();
    gateway.refusing = 'service.unavailable';
    const [first, second] = await twice('/upscale', { image: id }, async () => {
      gateway.submissions.length = 0;
      gateway.refusing = undefined;
      return remove(id);
    });
    expect(first.status).toBeGreaterThanOrEqual(500);
    expect([second.status, second.json.errors[0].pointer] as unknown).toEqual([404, '/image']);
    expect(gateway.submissions).toEqual([]);
  });

  it('finds it through a dialect too, with what was not honoured of it', async () => {
    const { apiKey } = await accountWith(database);
    const headers = {
      ...{ authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      'idempotency-key': randomUUID(),
    };
    const request = {
      ...{ model_name: 'builtin/blank', prompt: 'a lake', width: 256, height: 256 },
      ...{ image_num: 1, steps: 4, guidance_scale: 7 },
    };
    const ask = () => {
      const body = JSON.stringify({ request });
      return fetch(`${gateway.url}/v3/async/txt2img`, { method: 'POST', headers, body });
    };
    const first = await ask();
    const made = await first.text();
    expect([first.status, made]).toEqual([200, expect.stringContaining('task_id')]);
    await die(headers['idempotency-key']);
    const [submission] = gateway.submissions;
    submission!.metadata['dialect.not_honoured'] = 'request.loras';
    const second = await ask();
    expect([second.status, await second.text()]).toEqual([200, made]);
    expect(second.headers.get('safelight-not-honoured')).toBe('request.loras');
    expect(gateway.submissions).toHaveLength(1);
  });
});
