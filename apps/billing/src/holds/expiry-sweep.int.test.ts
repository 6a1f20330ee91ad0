import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool, CustomerReads, kyselyOn } from '@safelight/postgres';
import type pg from 'pg';
import { readBalance } from '../ledger/balance.sql.js';
import { Ledger } from '../ledger/ledger.writer.js';
import { reconcile } from '../ledger/reconciliation.sql.js';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { capture, grant, hold } from '../test/commands.js';
import { ExpirySweep } from './expiry-sweep.js';

let postgres: BillingDatabases;
let pool: pg.Pool;
let ledger: Ledger;

beforeAll(async () => {
  postgres = await billingDatabases();
  const { url } = await postgres.create();
  pool = createPool({ url, applicationName: 'test' });
  ledger = new Ledger({ pool });
});
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

const open = (accountId: string) => ledger.execute(grant(accountId, 5_000n));
const place = (holdId: string, accountId: string, lifetimeMs: number) =>
  ledger.execute(hold(holdId, accountId, { lifetimeMs }));

describe('the expiry sweep', () => {
  it('gives back every hold past its time and no other, through two sweeps at once', async () => {
    await open('ann');
    await place('alive', 'ann', 60_000);
    await place('captured', 'ann', 0);
    await ledger.execute(capture('captured'));
    await Promise.all(Array.from({ length: 1_100 }, (_, n) => place(`over${n}`, 'ann', 0)));
    const sweeps = [1, 2].map(() => new ExpirySweep(ledger, kyselyOn(pool)));
    const found = await Promise.all(sweeps.map((sweep) => sweep.run()));
    expect(Math.max(...found)).toBeGreaterThan(0);
    expect(await readBalance(new CustomerReads(pool, 'billing'), 'ann')).toMatchObject({
      availableMicros: 4_998n,
      heldMicros: 1n,
    });
    const { rows } = await pool.query<{ kind: string; n: bigint }>(
      'select kind, count(*) as n from billing.resolutions group by kind order by kind',
    );
    expect(rows).toEqual([
      { kind: 'captured', n: 1n },
      { kind: 'expired', n: 1_100n },
    ]);
    expect(await sweeps[0]!.run()).toBe(0);
  });

  it('finds what ended since it last looked', async () => {
    await open('bob');
    const sweep = new ExpirySweep(ledger, kyselyOn(pool));
    await sweep.run();
    await place('later', 'bob', 0);
    expect(await sweep.run()).toBe(1);
    expect(await sweep.run()).toBe(0);
  });

  it('gets through a history page by page, whatever was resolved in it long ago', async () => {
    await open('eve');
    for (let n = 0; n < 23; n += 1) {
      // No two end at the same time.
      await place(`page${n}`, 'eve', n - 1_000);
      if (n % 4 !== 0) await ledger.execute(capture(`page${n}`));
    }
    const sweep = new ExpirySweep(ledger, kyselyOn(pool), 5);
    expect(await sweep.run()).toBe(6);
    expect(await readBalance(new CustomerReads(pool, 'billing'), 'eve')).toMatchObject({
      heldMicros: 0n,
    });
    expect(await sweep.run()).toBe(0);
  });

  it('is told by the reconciliation when it does not run', async () => {
    await open('cyd');
    await place('forgotten', 'cyd', -5 * 60_000 - 1_000);
    expect(await reconcile(kyselyOn(pool))).toMatchObject({ overdueHolds: 1 });
    await new ExpirySweep(ledger, kyselyOn(pool)).run();
    expect(await reconcile(kyselyOn(pool))).toMatchObject({ overdueHolds: 0 });
  });
});
