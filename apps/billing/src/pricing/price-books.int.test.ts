import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool } from '@safelight/postgres';
import { eventually } from '@safelight/testing';
import type pg from 'pg';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { written } from '../test/books.js';
import { firstPrices } from './first-prices.js';
import { toStore } from './price-book.js';
import { PriceBooks } from './price-books.js';
import { readBooks } from './price-books.sql.js';

const table = 'billing.price_books';
let postgres: BillingDatabases;
const roles: Record<string, pg.Pool> = {};

beforeAll(async () => {
  postgres = await billingDatabases();
  const { url, ownerUrl, adminUrl } = await postgres.create();
  roles['runtime'] = createPool({ url, applicationName: 'test', indexesOnly: true });
  roles['owner'] = createPool({ url: ownerUrl, applicationName: 'test' });
  roles['superuser'] = createPool({ url: adminUrl, applicationName: 'test' });
});
afterAll(async () => {
  await Promise.all(Object.values(roles).map((pool) => pool.end()));
  await postgres.stop();
});

const later = (ms: number) => new Date(Date.now() + ms).toISOString();
const insert = (row: Readonly<Record<string, string>>, role = 'runtime') =>
  roles[role]!.query(
    `insert into ${table} (version, effective_from, document, digest) values ($1, $2, $3, $4)`,
    [row['version'], row['effectiveFrom'], row['document'], row['digest']],
  );
const stored = (version: string, effective_from: string) => ({
  ...toStore(written({ version, effective_from })),
});

describe.each(['runtime', 'owner', 'superuser'])('the %s role', (role) => {
  it.each([
    `update ${table} set document = 'x'`,
    `update ${table} set version = version where false`,
    `delete from ${table}`,
    `truncate ${table}`,
  ])('is refused: %s', async (verb) => {
    await expect(roles[role]!.query(verb)).rejects.toMatchObject({ code: '42501' });
  });

  it('cannot publish what would be in force before everybody has heard of it', async () => {
    for (const from of [later(55_000), '2026-11-02T00:00:00.000Z']) {
      await expect(insert(stored(`soon-${role}`, from), role)).rejects.toMatchObject({
        constraint: 'price_books_lead',
      });
    }
  });
});

describe('published prices', () => {
  it('begin with the first book, in force', async () => {
    const { books } = await readBooks(roles['runtime']!);
    expect(books.map(({ version }) => version)).toEqual([firstPrices.version]);
  });

  it.each([
    ['price_books_digest', { digest: 'a'.repeat(64) }],
    ['price_books_version', { version: 'another' }],
    ['price_books_date', { effectiveFrom: '2031-01-01T00:00:00.000Z' }],
  ])('are what their row says: %s', async (constraint, change) => {
    const row = { ...stored('forged', '2030-01-01T00:00:00.000Z'), ...change };
    await expect(insert(row)).rejects.toMatchObject({ constraint });
  });

  it('have each version once', async () => {
    await insert(stored('far', '2035-01-01T00:00:00.000Z'));
    await expect(insert(stored('far', '2036-01-01T00:00:00.000Z'))).rejects.toMatchObject({
      code: '23505',
    });
  });

  it('reach processes that run already, at their instant', async () => {
    const shelves = [roles['runtime']!, roles['owner']!].map(
      (pool) => new PriceBooks(() => readBooks(pool)),
    );
    const versions = () => Promise.all(shelves.map(async (one) => (await one.inForce()).version));
    // A lead that a test can wait for; a long one is covered with clocks of its own.
    await roles['owner']!.query(`create or replace function billing.price_lead() returns interval
      language sql immutable return interval '500 milliseconds'`);
    expect(await versions()).toEqual([firstPrices.version, firstPrices.version]);
    const from = Date.now() + 2_000;
    await insert(stored('soon', new Date(from).toISOString()));
    expect(await versions()).toEqual([firstPrices.version, firstPrices.version]);
    await eventually(async () => (await versions()).every((version) => version === 'soon'));
    expect(Date.now()).toBeGreaterThanOrEqual(from);
  });
});
