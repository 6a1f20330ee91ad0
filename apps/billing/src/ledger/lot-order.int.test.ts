import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool } from '@safelight/postgres';
import type pg from 'pg';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { gift, hold } from '../test/commands.js';
import { decideAll, type DecidedBatch } from './batch.js';
import type { Book } from './book.js';
import type { LedgerCommand } from './ledger.js';
import { Ledger } from './ledger.writer.js';
import type { Lots } from './lots.js';

let postgres: BillingDatabases;
const pools: pg.Pool[] = [];

beforeAll(async () => {
  postgres = await billingDatabases();
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await postgres.stop();
});

const HOUR_MS = 3_600_000;
/** Of two grants with as much in each, the other one's name and end. */
const swapped = (lots: Lots, [soon, late]: Lots['expiring']): Lots => ({
  ...lots,
  expiring: lots.expiring.map((lot) => {
    const other = lot.grantId === soon?.grantId ? late : soon;
    return other ? { ...other, micros: lot.micros } : lot;
  }),
});

/** A planted bug: a hold spends the grant that expires last, and only that is wrong with it. */
function lastFirst(commands: readonly LedgerCommand[], book: Book): DecidedBatch {
  const batch = decideAll(commands, book);
  const placed = batch.placed.map((one) => {
    if (one.transaction.kind !== 'hold') return one;
    const { expiring } = book.heads.get(one.transaction.accountId)?.lots ?? { expiring: [] };
    const lots = swapped(one.transaction.lots, expiring);
    const after = swapped(one.lots, expiring);
    const sorted = [...after.expiring].sort((a, b) => a.expiresAtMs - b.expiresAtMs);
    return {
      ...one,
      transaction: { ...one.transaction, lots },
      lots: { ...after, expiring: sorted },
    };
  });
  return { ...batch, placed };
}

/** Two grants with an end, and a hold on them that is decided wrongly. */
async function spendWrongly(change?: string): Promise<unknown> {
  const { url, ownerUrl } = await postgres.create();
  const [pool, owner] = [url, ownerUrl].map((one) =>
    createPool({ url: one, applicationName: 'test' }),
  );
  pools.push(pool!, owner!);
  if (change !== undefined) await owner!.query(change);
  const ledger = new Ledger({ pool: pool!, decideBatch: lastFirst });
  await ledger.execute(gift('soon', 'ann', 5n, Date.now() + HOUR_MS));
  await ledger.execute(gift('late', 'ann', 5n, Date.now() + 2 * HOUR_MS));
  return ledger.execute(hold('job', 'ann', { priceMicros: 3n }));
}

describe('a hold that spends what expires last', () => {
  it('is refused by the database, though it continues its account and sums to zero', async () => {
    await expect(spendWrongly()).rejects.toMatchObject({
      code: '23514',
      message: expect.stringMatching(/hold:job .* in another order/) as unknown,
    });
  });

  it('would be stored if the database did not know the order', async () => {
    const blind = `create or replace function billing.lots_fault(
      added jsonb, before jsonb, hold_lots jsonb) returns text
      language sql immutable as 'select null::text'`;
    await expect(spendWrongly(blind)).resolves.toMatchObject({ hold: { priceMicros: 3n } });
  });
});
