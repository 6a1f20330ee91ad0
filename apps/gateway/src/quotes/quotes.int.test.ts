import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateRequest, newId } from '@safelight/contracts';
import { dataSourceOver } from '@safelight/postgres';
import type { DataSource } from 'typeorm';
import { gatewayDatabase } from '../test/gateway-database.js';
import { Quotes } from './quotes.js';

const database = gatewayDatabase();
let source: DataSource;
let quotes: Quotes;
beforeAll(async () => {
  source = await dataSourceOver(database.pool, { entities: [] });
  quotes = new Quotes(source);
});
afterAll(() => source.destroy());

const accountId = newId('acc');
const body = generateRequest.parse({ prompt: 'a lake', metadata: { b: '1', a: '2' } });
const reordered = generateRequest.parse({ metadata: { a: '2', b: '1' }, prompt: 'a lake' });
const redeem = (id: string, request = body, by = accountId, operation = 'generate') =>
  quotes.priceFor(by, operation, { ...request, quote_id: id });

describe('a quote', () => {
  it('holds its price for the same request, however its fields are ordered', async () => {
    const { id, expiresAt } = await quotes.keep(accountId, 'generate', body, 1_500_000n);
    expect(expiresAt.getTime() - Date.now()).toBeGreaterThan(595_000);
    expect(await redeem(id, reordered)).toBe(1_500_000n);
    expect(await quotes.priceFor(accountId, 'generate', body)).toBeNull();
  });

  it('is worth nothing for another request or operation, to another account, or when it is over', async () => {
    const { id } = await quotes.keep(accountId, 'generate', body, 1n);
    const refused = { code: 'VALIDATION_ERROR', options: { errors: [{ pointer: '/quote_id' }] } };
    await expect(redeem(id, { ...body, n: 2 })).rejects.toMatchObject(refused);
    await expect(redeem(id, body, accountId, 'upscale')).rejects.toMatchObject(refused);
    await expect(redeem(id, body, newId('acc'))).rejects.toMatchObject(refused);
    await expect(redeem(newId('qte'))).rejects.toMatchObject(refused);
    await database.admin.query('UPDATE gateway.quotes SET expires_at = now() WHERE id = $1', [id]);
    await expect(redeem(id)).rejects.toMatchObject(refused);
    await quotes.keep(accountId, 'generate', body, 1n);
    const left = 'SELECT FROM gateway.quotes WHERE id = $1';
    expect((await database.admin.query(left, [id])).rowCount).toBe(0);
  });

  it('is nobody’s whom the gateway does not act for', async () => {
    await quotes.keep(accountId, 'generate', body, 1n);
    expect((await database.pool.query('SELECT FROM gateway.quotes')).rowCount).toBe(0);
  });
});
