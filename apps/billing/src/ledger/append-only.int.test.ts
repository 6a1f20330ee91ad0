import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool, kyselyOn } from '@safelight/postgres';
import type pg from 'pg';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { capture, grant, hold } from '../test/commands.js';
import { Ledger } from './ledger.writer.js';
import { reconcile } from './reconciliation.sql.js';

const tables = ['transactions', 'entries', 'holds', 'resolutions'];
const verbs = [
  (table: string) => `update billing.${table} set ${keyOf[table]!} = ${keyOf[table]!}`,
  (table: string) => `update billing.${table} set ${keyOf[table]!} = 'x' where false`,
  (table: string) => `delete from billing.${table}`,
  (table: string) => `truncate billing.${table}`,
];
const keyOf: Record<string, string> = {
  transactions: 'id',
  entries: 'transaction_id',
  holds: 'hold_id',
  resolutions: 'hold_id',
};

let postgres: BillingDatabases;
const roles: Record<string, pg.Pool> = {};

beforeAll(async () => {
  postgres = await billingDatabases();
  const { url, ownerUrl, adminUrl } = await postgres.create();
  roles['runtime'] = createPool({ url, applicationName: 'test' });
  roles['owner'] = createPool({ url: ownerUrl, applicationName: 'test' });
  roles['superuser'] = createPool({ url: adminUrl, applicationName: 'test' });
  const ledger = new Ledger({ pool: roles['runtime'] });
  await ledger.execute(grant('ann', 10n));
  await ledger.execute(hold('job', 'ann', { priceMicros: 4n }));
  await ledger.execute(capture('job', 1, 2));
});
afterAll(async () => {
  await Promise.all(Object.values(roles).map((pool) => pool.end()));
  await postgres.stop();
});

describe.each(['runtime', 'owner', 'superuser'])('the %s role', (role) => {
  it.each(tables)('can neither change, delete nor truncate %s', async (table) => {
    for (const verb of verbs) {
      await expect(roles[role]!.query(verb(table))).rejects.toMatchObject({ code: '42501' });
    }
  });
});

/** Writes a transaction with the given entries in one statement, past all of our code. */
const forge = (entries: string, lines = 2): string => `
  with t as (insert into billing.transactions (id, kind, account_id, lines, metadata)
    values ('grant:forged', 'grant', 'ann', ${lines}, '{}'))
  insert into billing.entries values ${entries}`;

describe('the database by itself', () => {
  it.each<[string, string]>([
    [
      'a transaction that does not sum to zero',
      forge(`('grant:forged', 0, 'promotions', -5, null, null),
        ('grant:forged', 1, 'available:ann', 6, 5, 14)`),
    ],
    [
      'a transaction without all its entries',
      forge(
        `('grant:forged', 0, 'promotions', -5, null, null),
        ('grant:forged', 1, 'available:ann', 5, 4, 13)`,
        4,
      ),
    ],
    [
      'a transaction without any',
      `insert into billing.transactions (id, kind, account_id, lines, metadata)
        values ('grant:forged', 'grant', 'ann', 2, '{}')`,
    ],
    [
      'more entries for a transaction that is complete',
      `insert into billing.entries values ('grant:first-ann', 2, 'promotions', -5, null, null),
        ('grant:first-ann', 3, 'available:ann', 5, 4, 13)`,
    ],
    [
      'entries without a transaction',
      `insert into billing.entries values ('grant:none', 0, 'promotions', -5, null, null),
        ('grant:none', 1, 'available:ann', 5, 4, 13)`,
    ],
    [
      'a balance that does not continue the one before it',
      forge(`('grant:forged', 0, 'promotions', -5, null, null),
        ('grant:forged', 1, 'available:ann', 5, 4, 5000)`),
    ],
    [
      'a gap in the sequence',
      forge(`('grant:forged', 0, 'promotions', -5, null, null),
        ('grant:forged', 1, 'available:ann', 5, 9, 5)`),
    ],
    [
      'a balance below zero',
      forge(`('grant:forged', 0, 'available:ann', -50, 4, -42),
        ('grant:forged', 1, 'revenue', 50, null, null)`),
    ],
    [
      'a ledger account that the chart does not know',
      forge(`('grant:forged', 0, 'slush fund', -5, null, null),
        ('grant:forged', 1, 'available:ann', 5, 4, 13)`),
    ],
    [
      'a resolution that does not give away the price of its hold',
      `insert into billing.resolutions values ('other', 'captured', 1, 1)`,
    ],
  ])('refuses %s', async (_, statement) => {
    await expect(roles['runtime']!.query(statement)).rejects.toMatchObject({ code: '23514' });
  });

  it.each<[string, string]>([
    [
      'a second writer in the same place',
      forge(`('grant:forged', 0, 'promotions', -5, null, null),
        ('grant:forged', 1, 'available:ann', 5, 3, 11)`),
    ],
    ['a second resolution', `insert into billing.resolutions values ('job', 'captured', 2, 2)`],
  ])('refuses %s', async (_, statement) => {
    await expect(roles['runtime']!.query(statement)).rejects.toMatchObject({ code: '23505' });
  });

  it('accepts the same forged transaction when it is sound, so that the refusals mean something', async () => {
    await roles['runtime']!.query(
      forge(`('grant:forged', 0, 'promotions', -5, null, null),
        ('grant:forged', 1, 'available:ann', 5, 4, 13)`),
    );
    const found = await reconcile(kyselyOn(roles['runtime']!));
    expect(found).toMatchObject({ driftMicros: 0n, brokenTransactions: 0 });
  });
});

describe('the reconciliation', () => {
  it('finds what somebody with a superuser’s rights changed behind all guards', async () => {
    const admin = roles['superuser']!;
    await admin.query('alter table billing.entries disable trigger all');
    await admin.query(`update billing.entries set amount_micros = amount_micros + 1
      where transaction_id = 'grant:first-ann' and line = 1`);
    const found = await reconcile(kyselyOn(roles['runtime']!));
    expect(found).toMatchObject({
      driftMicros: 1n,
      brokenLedgerAccounts: 1,
      brokenTransactions: 1,
    });
  });
});
