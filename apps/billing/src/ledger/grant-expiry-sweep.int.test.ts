import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool, CustomerReads, kyselyOn } from '@safelight/postgres';
import type pg from 'pg';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { gift, grant, hold, voiding } from '../test/commands.js';
import { readBalance } from './balance.sql.js';
import { GrantExpirySweep } from './grant-expiry-sweep.js';
import { Ledger } from './ledger.writer.js';
import { reconcile } from './reconciliation.sql.js';

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

const sweepOf = () => new GrantExpirySweep(ledger, kyselyOn(pool));
const HOUR_MS = 3_600_000;

describe('the sweep of grants', () => {
  it('takes back what is left of every grant past its time, and nothing else', async () => {
    await ledger.execute(grant('ann', 7n));
    await ledger.execute(gift('alive', 'ann', 5n, Date.now() + HOUR_MS));
    await Promise.all(
      Array.from({ length: 600 }, (_, n) =>
        ledger.execute(gift(`over${n}`, 'ann', 1n, Date.now() - HOUR_MS + n)),
      ),
    );
    expect(await reconcile(kyselyOn(pool))).toMatchObject({ overdueGrants: 600 });
    const found = await Promise.all([sweepOf().run(), sweepOf().run()]);
    expect(Math.max(...found)).toBeGreaterThan(0);
    expect(await readBalance(new CustomerReads(pool, 'billing'), 'ann')).toMatchObject({
      ...{ availableMicros: 12n, promotionalMicros: 12n },
      nextExpiry: { micros: 5n },
    });
    expect(await sweepOf().run()).toBe(0);
    expect(await reconcile(kyselyOn(pool))).toMatchObject({
      ...{ overdueGrants: 0, driftMicros: 0n, brokenAccounts: 0, orphans: 0 },
    });
  });

  it('leaves alone what is set aside, which expires when it comes back', async () => {
    const endsMs = Date.now() + 1_500;
    await ledger.execute(gift('brief', 'bob', 5n, endsMs));
    await ledger.execute(hold('job', 'bob', { priceMicros: 5n }));
    const { rows } = await pool.query<{ wait: number }>(
      `select pg_sleep(greatest(0, $1 - extract(epoch from clock_timestamp()) + 0.01)), 0 as wait`,
      [endsMs / 1_000],
    );
    expect(rows).toHaveLength(1);
    expect(await sweepOf().run()).toBe(0);
    expect(await readBalance(new CustomerReads(pool, 'billing'), 'bob')).toMatchObject({
      availableMicros: 0n,
      heldMicros: 5n,
    });
    await ledger.execute(voiding('job'));
    expect(await readBalance(new CustomerReads(pool, 'billing'), 'bob')).toMatchObject({
      availableMicros: 0n,
      heldMicros: 0n,
    });
    expect(await reconcile(kyselyOn(pool))).toMatchObject({ driftMicros: 0n, brokenAccounts: 0 });
  });
});
