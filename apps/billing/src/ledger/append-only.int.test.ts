import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool, kyselyOn } from '@safelight/postgres';
import type pg from 'pg';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { capture, grant, hold } from '../test/commands.js';
import {
  adjustmentOf5,
  forgeRows,
  grantOf5,
  holdOf8,
  refundOf2,
  settlement,
  topUpOf5,
  type Row,
} from '../test/forged-rows.js';
import { Ledger } from './ledger.writer.js';
import { reconcile } from './reconciliation.sql.js';

const table = 'billing.transactions';
const verbs = [
  `update ${table} set id = id`,
  `update ${table} set id = 'x' where false`,
  `delete from ${table}`,
  `truncate ${table}`,
  'delete from billing.resolutions',
  `update billing.holds set item = 'film'`,
  `insert into ${table} select * from ${table} limit 1 on conflict (id) do update set kind = 'hold'`,
];

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
  for (const accountId of ['bob', 'cyd']) {
    await ledger.execute(grant(accountId, 10n));
    await ledger.execute(hold(`open${accountId}`, accountId, { priceMicros: 3n }));
  }
});
afterAll(async () => {
  await Promise.all(Object.values(roles).map((pool) => pool.end()));
  await postgres.stop();
});

describe.each(['runtime', 'owner', 'superuser'])('the %s role', (role) => {
  it.each(verbs)('is refused: %s', async (verb) => {
    await expect(roles[role]!.query(verb)).rejects.toMatchObject({ code: '42501' });
  });
});

const forge = (role: string, ...rows: Row[]) => forgeRows(roles[role]!, ...rows);

describe('the database by itself', () => {
  it.each<[string, Row]>([
    ['a transaction that does not sum to zero', { ...grantOf5, promotions_micros: -4 }],
    ['a balance that does not continue', { ...grantOf5, available_after_micros: 5_000 }],
    ['a held balance that does not continue', { ...grantOf5, held_after_micros: 1 }],
    ['a gap in the sequence', { ...grantOf5, sequence: 9 }],
    [
      'a first transaction in the second place',
      { ...grantOf5, account_id: 'eve', sequence: 2, available_after_micros: 5 },
    ],
    [
      'a sequence below one',
      { ...grantOf5, account_id: 'eve', sequence: 0, available_after_micros: 5 },
    ],
    [
      'a balance below zero',
      {
        ...holdOf8,
        available_micros: -9,
        held_micros: 9,
        available_after_micros: -1,
        held_after_micros: 9,
      },
    ],
    ['a kind that nobody knows', { ...grantOf5, kind: 'gift' }],
    ['a kind with the id of another', { ...grantOf5, id: 'hold:forged' }],
    ['an id without a subject', { ...grantOf5, id: 'grant:' }],
    ['a grant out of revenue', { ...grantOf5, promotions_micros: 0, revenue_micros: -5 }],
    ['a hold without an end', { ...holdOf8, expires_at: null }],
    ['a settlement of no hold', { ...settlement, id: 'settle:none' }],
    [
      'a settlement of another account’s hold',
      {
        ...settlement,
        account_id: 'cyd',
        sequence: 3,
        available_after_micros: 10,
      },
    ],
    [
      'a settlement that does not give away the price of its hold',
      {
        ...settlement,
        held_micros: -2,
        available_micros: 2,
        available_after_micros: 9,
        held_after_micros: 1,
      },
    ],
    [
      'a void that takes something',
      { ...settlement, available_micros: 2, revenue_micros: 1, available_after_micros: 9 },
    ],
  ])('refuses %s', async (_, row) => {
    await expect(forge('runtime', row)).rejects.toMatchObject({ code: '23514' });
  });

  it('refuses two that are sound alone and not together', async () => {
    const again = { ...grantOf5, id: 'grant:again', sequence: 5 };
    await expect(forge('runtime', grantOf5, again)).rejects.toMatchObject({ code: '23514' });
  });

  it.each<[string, Row]>([
    ['a second writer in the same place', { ...grantOf5, sequence: 3 }],
    ['a second resolution', { ...settlement, id: 'settle:job', account_id: 'ann', sequence: 4 }],
  ])('refuses %s', async (_, row) => {
    await expect(forge('runtime', row)).rejects.toMatchObject({ code: '23505' });
  });

  it.each([-11, 11])('refuses a clock %d seconds away from its own', async (seconds) => {
    const { rows } = await roles['runtime']!.query<{ at: string }>(
      `select (clock_timestamp() + $1 * interval '1 s')::text as at`,
      [seconds],
    );
    const row = { ...grantOf5, recorded_at: rows[0]!.at };
    await expect(forge('runtime', row)).rejects.toMatchObject({ code: '40001' });
  });

  it('accepts the same forgeries when they are sound, so that the refusals mean something', async () => {
    await forge('runtime', grantOf5);
    await forge('runtime', { ...holdOf8, sequence: 5, available_after_micros: 5 });
    await forge('runtime', settlement);
    for (const [n, row] of [refundOf2, topUpOf5, adjustmentOf5].entries()) {
      const after = { available_after_micros: 5 + [2, 7, 12][n]!, held_after_micros: 8 };
      const paid_after_micros = n === 0 ? 0 : 5;
      await forge('runtime', { ...row, ...after, paid_after_micros, sequence: 6 + n });
    }
    const found = await reconcile(kyselyOn(roles['runtime']!));
    expect(found).toMatchObject({ driftMicros: 0n, brokenAccounts: 0, orphans: 0 });
  });
});

describe('the views', () => {
  it('show holds, how they were resolved, and both sides of every movement', async () => {
    const owner = roles['owner']!;
    const read = async (text: string) => (await owner.query<object>(text)).rows;
    expect(
      await read(`select hold_id, price_micros, kind, captured_micros, refunded_micros
        from billing.holds join billing.resolutions using (hold_id, account_id)
        where hold_id = 'job'`),
    ).toEqual([
      {
        hold_id: 'job',
        price_micros: 4n,
        kind: 'captured',
        captured_micros: 2n,
        refunded_micros: 2n,
      },
    ]);
    const lines = await read(`select ledger_account, amount_micros, sequence, balance_after_micros
      from billing.entries where transaction_id = 'settle:job' order by ledger_account`);
    expect(lines.map((line): unknown[] => Object.values(line))).toEqual([
      ['available:ann', 2n, 3n, 8n],
      ['held:ann', -4n, 3n, 0n],
      ['revenue', 2n, null, null],
    ]);
  });
});

describe('the reconciliation', () => {
  it('finds what somebody with a superuser’s rights changed behind all guards', async () => {
    const admin = roles['superuser']!;
    await admin.query(`alter table ${table} disable trigger all`);
    await admin.query(`alter table ${table} drop constraint transactions_sum_to_zero`);
    await admin.query(`update ${table} set available_micros = available_micros + 1
      where id = 'grant:first-ann'`);
    await admin.query(`update ${table} set id = 'settle:gone' where id = 'settle:job'`);
    const found = await reconcile(kyselyOn(roles['runtime']!));
    expect(found).toMatchObject({
      driftMicros: 1n,
      brokenAccounts: 1,
      brokenTransactions: 1,
      // The settlement, and the refund of it.
      orphans: 2,
    });
  });
});
