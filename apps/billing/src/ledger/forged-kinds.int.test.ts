import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool } from '@safelight/postgres';
import type pg from 'pg';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { capture, grant, hold } from '../test/commands.js';
import {
  adjustmentOf5,
  forgeRows,
  grantOf5,
  holdOf8,
  refundOf2,
  reversalOf8,
  settlement,
  topUpOf5,
  type Row,
} from '../test/forged-rows.js';
import { Ledger } from './ledger.writer.js';

let postgres: BillingDatabases;
let pool: pg.Pool;

beforeAll(async () => {
  postgres = await billingDatabases();
  pool = createPool({ url: (await postgres.create()).url, applicationName: 'test' });
  const ledger = new Ledger({ pool });
  await ledger.execute(grant('ann', 10n));
  await ledger.execute(hold('job', 'ann', { priceMicros: 4n }));
  await ledger.execute(capture('job', 1, 2));
  await ledger.execute(grant('bob', 10n));
  await ledger.execute(hold('openbob', 'bob', { priceMicros: 3n }));
});
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

describe('the database by itself', () => {
  // Bob has 7 given credits and an open hold of 3 that were given too.
  it.each<[string, Row, RegExp]>([
    [
      'bought credits out of a grant',
      { ...grantOf5, paid_micros: 5, paid_after_micros: 5 },
      /shape of its kind/,
    ],
    ['a top-up of another payment than its id’s', { ...topUpOf5, id: 'topup:bank:2' }, /shape/],
    [
      'a top-up of given credits',
      { ...topUpOf5, paid_micros: 0, paid_after_micros: 0 },
      /shape of its kind/,
    ],
    [
      'bought credits that do not continue',
      { ...topUpOf5, paid_after_micros: 4 },
      /does not continue its account/,
    ],
    [
      'a lot for a grant that never expires',
      { ...grantOf5, lots_moved: '[["forged",9,"5"]]', lots_after: '[["forged",9,"5"]]' },
      /in another order/,
    ],
    [
      'a grant that expires and is no lot',
      { ...grantOf5, expires_at: '2100-01-01' },
      /in another order/,
    ],
    [
      'lots out of nothing',
      { ...grantOf5, lots_after: '[["forged",9,"5"]]' },
      /lots do not continue/,
    ],
    [
      'bought credits given back for given ones',
      { ...settlement, paid_micros: 3, paid_after_micros: 3 },
      /credits of its hold/,
    ],
    ['a refund of what was not captured', { ...refundOf2, refers_to: 'settle:openann' }, /nothing/],
    [
      'a refund of more than was captured',
      { ...refundOf2, available_micros: 3, refunds_micros: -3, available_after_micros: 11 },
      /refunds more/,
    ],
    [
      'a refund of bought credits for given ones',
      { ...refundOf2, paid_micros: 2, paid_after_micros: 2 },
      /refunds more/,
    ],
    ['a reversal of nothing', { ...reversalOf8, refers_to: 'grant:none' }, /reverses nothing/],
    [
      'a reversal of more than was granted',
      { ...reversalOf8, losses_micros: -3, promotions_micros: 11 },
      /reverses more/,
    ],
    [
      'a loss of what is still there',
      { ...reversalOf8, available_micros: -7, losses_micros: -1, available_after_micros: 1 },
      /writes off/,
    ],
    [
      'an expiry of a grant that never ends',
      {
        ...reversalOf8,
        ...{ id: 'expire:first-ann', kind: 'grant_expired', refers_to: null },
      },
      /no grant whose time is over/,
    ],
    [
      'an adjustment without a reason that has a name',
      { ...adjustmentOf5, metadata: '{"reason": "whim"}' },
      /shape/,
    ],
    [
      'a collected shortfall that is given',
      { ...adjustmentOf5, metadata: '{"reason": "shortfall_collected"}' },
      /shape/,
    ],
  ])('refuses %s', async (_, row, why) => {
    await expect(forgeRows(pool, row)).rejects.toMatchObject({
      code: '23514',
      message: expect.stringMatching(why) as unknown,
    });
  });

  it('tells bought credits from given ones, though their sum be right', async () => {
    await forgeRows(pool, topUpOf5);
    const hold5 = { ...holdOf8, sequence: 5, available_micros: -5, held_micros: 5 };
    const after = { available_after_micros: 8, held_after_micros: 5 };
    const ofBought = { ...hold5, ...after, paid_micros: -5, paid_after_micros: 0 };
    await expect(forgeRows(pool, ofBought)).rejects.toMatchObject({
      code: '23514',
      message: expect.stringMatching(/given credits before bought/) as unknown,
    });
    await forgeRows(pool, { ...hold5, ...after, paid_after_micros: 5 });
  });
});
