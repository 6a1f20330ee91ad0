import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chargeAnswer, quoteAnswer } from '@safelight/contracts';
import { z } from 'zod';
import { uploadedBy } from './api/things.js';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';

const blank = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };
const numbered = z.array(z.looseObject({ sequence: z.int(), type: z.string() }));

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start({ layout: 'one process' });
}, 120_000);
afterAll(() => fleet.close(), 60_000);

const customer = async (credits = '100'): Promise<TestClient> =>
  new TestClient(fleet.url, (await fleet.account(credits)).apiKey);

describe('a quote of what begins with a picture', () => {
  const priced = async (client: TestClient, operation: string, request: object) => {
    const { status, json } = await client.send('POST', '/api/v1/quotes', { operation, request });
    expect([status, json.errors] as unknown).toEqual([201, undefined]);
    return quoteAnswer.parse(json).data;
  };

  it('is measured by the upload, and redeemed with the very request', async () => {
    const client = await customer('10');
    // 256 x 256 pixels.
    const image = await uploadedBy(client);
    const requests = {
      upscale: { image, scale: 4, priority: 'batch' },
      edit: { image, mask: image, prompt: 'a plain card', n: 2 },
    };
    for (const [operation, request] of Object.entries(requests)) {
      const { id, price, lines } = await priced(client, operation, request);
      expect([price, lines[0]?.what]).toEqual(
        operation === 'edit'
          ? ['2', 'edit builtin/atelier 256x256']
          : ['0.4', expect.stringMatching(/ 1024x1024$/)],
      );
      const sent = { ...request, quote_id: id };
      const redeemed = await client.send('POST', `/api/v1/${operation}`, sent);
      expect([redeemed.status, redeemed.json.meta?.price] as unknown).toEqual([202, price]);
      const changed = await client.send('POST', `/api/v1/${operation}`, { ...sent, seed: 9 });
      expect(changed.status).toBe(422);
    }
    const fromImage = { ...blank, model: 'builtin/atelier', image, strength: 0.4 };
    const { id, price } = await priced(client, 'generate', fromImage);
    const made = await client.generate({ ...fromImage, quote_id: id });
    expect([made.status, made.json.meta?.price] as unknown).toEqual([202, price]);
  });

  it('names the field of a picture that is not there, and of a mask that does not fit', async () => {
    const client = await customer();
    const [image, foreign] = [await uploadedBy(client), await uploadedBy(await customer())];
    const ask = (operation: string, request: object) =>
      client.send('POST', '/api/v1/quotes', { operation, request });
    const unknown = await ask('upscale', { image: foreign });
    expect([unknown.status, unknown.json.code] as unknown).toEqual([404, 'NOT_FOUND']);
    const nothing = await ask('upscale', { image: 'bm8gcGljdHVyZQ==' });
    expect([nothing.status, nothing.json.code] as unknown).toEqual([415, 'UNSUPPORTED_MEDIA']);
    const unsold = await ask('enlarge', { image });
    expect([unsold.status, unsold.json.errors[0].pointer] as unknown).toEqual([422, '/operation']);
  });
});

describe('a charge', () => {
  it('is explained line by line, with its entries in the ledger and the job’s own events', async () => {
    const client = await customer('10');
    const job = await client.run({ ...blank, n: 2, priority: 'batch' });
    const { json } = await client.get(`/api/v1/jobs/${job.id}/charge`);
    const { price, price_version, lines, hold, settlement } = chargeAnswer.parse(json).data;
    expect([price, price_version]).toEqual(['1.6', 'price-book-3']);
    expect(lines.map(({ rule, amount }) => [rule, amount])).toEqual([
      ['image', '2'],
      ['lane:batch', '-0.4'],
    ]);
    expect(settlement).toMatchObject({ type: 'capture', captured: '1.6', refunded: '0' });
    const ledger = await client.get('/api/v1/account/ledger');
    const events = await client.get(`/api/v1/jobs/${job.id}/events`);
    const typesOf = (list: unknown, places: unknown[]) =>
      places.map((place) => numbered.parse(list).find(({ sequence }) => sequence === place)?.type);
    const entries = typesOf(ledger.json.data, [hold?.entry, settlement?.entry]);
    const told = typesOf(events.json.data, [hold?.event, settlement?.event]);
    expect([entries, told]).toEqual([
      ['hold', 'capture'],
      ['CreditsHeld', 'CreditsSettled'],
    ]);
    const foreign = await (await customer()).get(`/api/v1/jobs/${job.id}/charge`);
    expect(foreign.status).toBe(404);
  });

  it('of a test key is nothing, under the same price', async () => {
    const client = await customer('0');
    const wanted = { kind: 'test', scopes: ['jobs:read', 'jobs:write'] };
    const made = await client.send('POST', '/api/v1/keys', wanted);
    const test = new TestClient(fleet.url, made.json.data.key as string);
    const job = await test.run(blank);
    const { json } = await test.get(`/api/v1/jobs/${job.id}/charge`);
    expect(chargeAnswer.parse(json).data).toMatchObject({
      ...{ test: true, price: '1', price_version: 'price-book-3' },
      ...{ lines: [], hold: null, settlement: null },
    });
  });

  it('has a line for findings that a client of Novita’s dialect wants to read', async () => {
    const client = await customer();
    const words = { model_name: 'builtin/blank', prompt: 'a plain card', width: 256, height: 256 };
    const accepted = await client.send('POST', '/v3/async/txt2img', {
      extra: { enable_nsfw_detection: true },
      request: { ...words, image_num: 2 },
    });
    const { json } = await client.get(`/api/v1/jobs/${accepted.json.task_id}/charge`);
    const { price, lines } = chargeAnswer.parse(json).data;
    expect(price).toBe('2.075');
    expect(lines[1]).toEqual({
      ...{ rule: 'output_detection', what: 'what the output check found, told' },
      ...{ quantity: 2, unit: '0.0375', amount: '0.075' },
    });
  });
});
