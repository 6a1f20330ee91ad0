import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testPostgres, type TestPostgres } from '@safelight/testing';
import type pg from 'pg';
import { createPool, CustomerReads, EVERYBODY, provision } from './index.js';

let postgres: TestPostgres;
let mine: pg.Pool;
let theirs: pg.Pool;

beforeAll(async () => {
  postgres = await testPostgres();
  const { url: adminUrl } = await postgres.database();
  const services = ['billing', 'dispatch'].map((name) => ({
    ...{ name, password: 'runtime', ownerPassword: 'owner' },
  }));
  const { billing, dispatch } = await provision({ adminUrl, services });
  mine = createPool({ url: billing!.url, applicationName: 'billing', max: 1 });
  theirs = createPool({ url: dispatch!.url, applicationName: 'dispatch' });
  const owner = createPool({ url: billing!.migrationUrl, applicationName: 'owner' });
  await owner.query(`
    CREATE TABLE own_rows AS SELECT unnest(ARRAY['ann', 'bob']) AS account;
    ALTER TABLE own_rows ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON own_rows TO safelight_billing_reader
      USING (account = current_setting('safelight.account', true));
    GRANT SELECT ON own_rows TO safelight_billing_reader`);
  await owner.end();
});
afterAll(async () => {
  await Promise.all([mine.end(), theirs.end()]);
  await postgres.stop();
});

const all = { name: '', text: 'SELECT account FROM own_rows', values: [] };
const denied = { code: '42501' };

it('reads as the reader of its own service, for one account', async () => {
  const reads = new CustomerReads(mine, 'billing');
  expect(await reads.records('ann', all)).toEqual([{ account: 'ann' }]);
  expect(await reads.rows('bob', [all, all])).toEqual([[['bob']], [['bob']]]);
  expect(await reads.records(EVERYBODY, all)).toEqual([]);
});

it('has none of the reader’s rights before and after', async () => {
  await expect(mine.query(all.text)).rejects.toMatchObject(denied);
  await new CustomerReads(mine, 'billing').records('ann', all);
  await expect(mine.query(all.text)).rejects.toMatchObject(denied);
});

it('is no way to another service’s rows, nor for a name that could not stand in SQL', async () => {
  const reading = new CustomerReads(theirs, 'billing').records('ann', all);
  await expect(reading).rejects.toMatchObject(denied);
  expect(() => new CustomerReads(mine, 'x"; DROP')).toThrow('is no name');
});
