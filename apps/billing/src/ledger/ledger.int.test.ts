import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError } from '@safelight/event-sourcing';
import { createPool, CustomerReads, kyselyOn } from '@safelight/postgres';
import type pg from 'pg';
import {
  billingDatabases,
  type BillingDatabase,
  type BillingDatabases,
} from '../test/billing-database.js';
import { capture, gift, grant, hold, topUp, voiding } from '../test/commands.js';
import { readBalance } from './balance.sql.js';
import { decideAll } from './batch.js';
import { Ledger } from './ledger.writer.js';
import { reconcile } from './reconciliation.sql.js';

const sound = {
  driftMicros: 0n,
  overdueHolds: 0,
  overdueGrants: 0,
  brokenAccounts: 0,
  brokenTransactions: 0,
  orphans: 0,
  overdone: 0,
};

let postgres: BillingDatabases;
const pools: pg.Pool[] = [];

beforeAll(async () => {
  postgres = await billingDatabases();
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await postgres.stop();
});

/** Ledgers with a pool each, as two processes have them, on a database of their own. */
async function twoLedgers(database?: BillingDatabase) {
  const { url, ownerUrl } = database ?? (await postgres.create());
  const [one, two] = [1, 2].map((n) => createPool({ url, applicationName: `billing ${n}` }));
  pools.push(one!, two!);
  return {
    ledgers: [new Ledger({ pool: one! }), new Ledger({ pool: two! })] as const,
    pool: one!,
    db: kyselyOn<unknown>(one!),
    ownerUrl,
  };
}

/** `ok`, the code of a refusal, or the message of a fault. */
const verdict = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'ok',
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );

/** 200 holds at once, dealt out to the ledgers, for an account that can pay for ten. */
async function spendTooMuch(ledgers: readonly Ledger[], accountId: string) {
  const verdicts = await Promise.all(
    Array.from({ length: 200 }, (_, n) =>
      verdict(ledgers[n % ledgers.length]!.execute(hold(`${accountId}-${n}`, accountId))),
    ),
  );
  return {
    accepted: verdicts.filter((text) => text === 'ok').length,
    insufficient: verdicts.filter((text) => text === 'credits.insufficient').length,
  };
}

describe('200 holds at once with credits for ten', () => {
  it('are accepted exactly ten times, by one ledger and by two', async () => {
    const { ledgers, pool, db } = await twoLedgers();
    await ledgers[0].execute(grant('ann', 10n));
    await ledgers[0].execute(grant('bob', 10n));
    const ten = { accepted: 10, insufficient: 190 };
    expect(await spendTooMuch([ledgers[0]], 'ann')).toEqual(ten);
    expect(await spendTooMuch(ledgers, 'bob')).toEqual(ten);
    expect(await readBalance(new CustomerReads(pool, 'billing'), 'bob')).toMatchObject({
      availableMicros: 0n,
      heldMicros: 10n,
    });
    expect(await reconcile(db)).toEqual(sound);
  });

  it('are accepted at most ten times while the account is being opened', async () => {
    const { ledgers, db } = await twoLedgers();
    const opened = ledgers[1].execute(grant('new', 10n));
    const early = await spendTooMuch(ledgers, 'new');
    await opened;
    const late = Array.from({ length: 20 }, (_, n) =>
      verdict(ledgers[n % 2]!.execute(hold(`late-${n}`, 'new'))),
    );
    const lateAccepted = (await Promise.all(late)).filter((text) => text === 'ok').length;
    expect(early.accepted + lateAccepted).toBe(10);
    expect(await reconcile(db)).toEqual(sound);
  });

  it('would be accepted more often without the unique place of each transaction', async () => {
    const database = await postgres.create();
    const { ledgers, ownerUrl } = await twoLedgers(database);
    const owner = createPool({ url: ownerUrl, applicationName: 'vandal' });
    pools.push(owner);
    await owner.query('drop index billing.transactions_place');
    let most = 0;
    // Two processes must race; twenty tries make it certain that they do.
    for (let round = 0; round < 20 && most <= 10; round += 1) {
      await ledgers[0].execute(grant(`acc${round}`, 10n));
      most = (await spendTooMuch(ledgers, `acc${round}`)).accepted;
    }
    expect(most).toBeGreaterThan(10);
  });
});

describe('200 holds at once with a balance for exactly 37', () => {
  it('succeed 37 times, whatever the credits are made of', async () => {
    const { ledgers, pool, db } = await twoLedgers();
    await ledgers[0].execute(grant('eve', 12n));
    await ledgers[0].execute(topUp('pay-eve', 'eve', 20n));
    await ledgers[1].execute(gift('gift-eve', 'eve', 5n, Date.now() + 3_600_000));
    await ledgers[1].execute(gift('over-eve', 'eve', 9n, Date.now() - 3_600_000));
    expect(await spendTooMuch(ledgers, 'eve')).toEqual({ accepted: 37, insufficient: 163 });
    expect(await readBalance(new CustomerReads(pool, 'billing'), 'eve')).toMatchObject({
      ...{ availableMicros: 9n, heldMicros: 37n, paidMicros: 0n },
      nextExpiry: { micros: 9n },
    });
    await ledgers[0].execute({ type: 'ExpireGrant', grantId: 'over-eve' });
    expect(await readBalance(new CustomerReads(pool, 'billing'), 'eve')).toMatchObject({
      availableMicros: 0n,
    });
    expect(await reconcile(db)).toEqual(sound);
  });
});

describe('the same ids at once through two ledgers', () => {
  it('grant once, hold once and resolve once, and everybody hears the same', async () => {
    const { ledgers, pool, db } = await twoLedgers();
    const both = <T>(ask: (ledger: Ledger) => Promise<T>) =>
      Promise.all(Array.from({ length: 20 }, (_, n) => ask(ledgers[n % 2]!)));
    const grants = await both((ledger) => ledger.execute(grant('ann', 10n)));
    expect(new Set(grants.map(({ availableMicros }) => availableMicros))).toEqual(new Set([10n]));
    const holds = await both((ledger) => ledger.execute(hold('job', 'ann', { priceMicros: 7n })));
    expect(new Set(holds.map((answer) => answer.hold.expiresAtMs)).size).toBe(1);
    const ends = await Promise.all([
      both((ledger) => ledger.execute(capture('job', 3, 4))),
      both((ledger) => ledger.execute(voiding('job'))),
    ]);
    const resolution = ends[0][0]!;
    for (const end of ends.flat()) expect(end).toEqual(resolution);
    const balance = await readBalance(new CustomerReads(pool, 'billing'), 'ann');
    expect(balance).toMatchObject({
      availableMicros: 10n - resolution.capturedMicros,
      heldMicros: 0n,
    });
    expect(await reconcile(db)).toEqual(sound);
  });
});

describe('a batch', () => {
  it('that holds a faulty decision fails for that command alone', async () => {
    const { pool, db } = await twoLedgers();
    const ledger = new Ledger({
      pool,
      decideBatch: (commands, book) => {
        const batch = decideAll(commands, book);
        const placed = batch.placed.map((one) =>
          one.transaction.id === 'hold:bad'
            ? { ...one, availableMicros: one.availableMicros + 1n }
            : one,
        );
        return { ...batch, placed };
      },
    });
    await ledger.execute(grant('ann', 10n));
    const asked = ['good1', 'bad', 'good2'].map((id) =>
      verdict(ledger.execute(hold(id, 'ann', { priceMicros: 2n }))),
    );
    const [first, bad, second] = await Promise.all(asked);
    expect([first, second]).toEqual(['ok', 'ok']);
    expect(bad).toMatch(/hold:bad cannot be stored: it does not continue/);
    expect(await readBalance(new CustomerReads(pool, 'billing'), 'ann')).toMatchObject({
      availableMicros: 6n,
      heldMicros: 4n,
    });
    expect(await reconcile(db)).toEqual(sound);
  });

  it('whose connection is killed is looked up, not repeated', async () => {
    const { pool } = await twoLedgers();
    const faults: string[] = [];
    const ledger = new Ledger({ pool, onFault: (fault) => faults.push(fault) });
    await ledger.execute(grant('ann', 1_000n));
    const killer = createPool({ url: pool.options.connectionString!, applicationName: 'killer' });
    pools.push(killer);
    for (let n = 0; n < 20; n += 1) {
      const asked = Array.from({ length: 10 }, (_, m) =>
        ledger.execute(hold(`job${n}-${m}`, 'ann')),
      );
      await killOthers(killer);
      await Promise.all(asked);
    }
    expect(faults).toContain('unreachable');
    // The ledger's own pool may still hold a connection that was killed last.
    expect(await readBalance(new CustomerReads(killer, 'billing'), 'ann')).toMatchObject({
      availableMicros: 800n,
      heldMicros: 200n,
    });
    expect(await reconcile(kyselyOn(killer))).toEqual(sound);
  });
});

/** Ends every connection of the runtime role but the one that asks. */
async function killOthers(killer: pg.Pool): Promise<void> {
  await killer.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where usename = current_user and pid <> pg_backend_pid()`);
}
