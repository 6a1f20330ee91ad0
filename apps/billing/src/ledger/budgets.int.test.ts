import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError } from '@safelight/event-sourcing';
import { createPool, CustomerReads, kyselyOn } from '@safelight/postgres';
import type pg from 'pg';
import { readStandingBudgets } from '../budgets/budgets.sql.js';
import {
  billingDatabases,
  type BillingDatabase,
  type BillingDatabases,
} from '../test/billing-database.js';
import { capture, grant, hold, refund, setBudget, voiding } from '../test/commands.js';
import { forgeRows, holdOf8 } from '../test/forged-rows.js';
import { decideAll } from './batch.js';
import type { BatchWriterOptions } from './batch-writer.js';
import { noBudgets } from './budgets.js';
import { Ledger } from './ledger.writer.js';
import { reconcile } from './reconciliation.sql.js';

let postgres: BillingDatabases;
const pools: pg.Pool[] = [];

beforeAll(async () => {
  postgres = await billingDatabases();
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await postgres.stop();
});

function poolOn(url: string): pg.Pool {
  const pool = createPool({ url, applicationName: 'budgets test' });
  pools.push(pool);
  return pool;
}

const twoLedgers = ({ url }: BillingDatabase, options: Partial<BatchWriterOptions> = {}) =>
  [1, 2].map(() => new Ledger({ pool: poolOn(url), ...options })) as [Ledger, Ledger];

/** `accepted`, or the code of the refusal. */
const verdict = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'accepted',
    (error: unknown) => {
      if (error instanceof DomainError) return error.code;
      throw error;
    },
  );

const countOf = (verdicts: readonly string[], what: string): number =>
  verdicts.filter((one) => one === what).length;

const byKey = (holdId: string, keyId: string | null, priceMicros = 1n) => ({
  ...hold(holdId, 'ann', { priceMicros }),
  keyId,
});

/** 200 holds of one micro-credit at the same moment, through both ledgers in turn. */
const race = (ledgers: readonly Ledger[]): Promise<string[]> =>
  Promise.all(
    Array.from({ length: 200 }, (_, n) =>
      verdict(ledgers[n % 2]!.execute(byKey(`race-${n}`, n % 4 < 2 ? 'key1' : null))),
    ),
  );

/** Rules that know of no budget: what a faulty process would decide. */
const blind: BatchWriterOptions['decideBatch'] = (commands, book) => {
  const heads = [...book.heads].map(([id, head]) => [id, { ...head, budgets: noBudgets }] as const);
  return decideAll(commands, { ...book, heads: new Map(heads) });
};

describe('two ledgers on one budget', () => {
  it.each([
    ['the account’s day', null, { dailyMicros: 23n }],
    ['the account’s month', null, { monthlyMicros: 23n }],
  ])('accept 23 of 200 racing holds on %s of 23', async (_, keyId, limits) => {
    const database = await postgres.create();
    const ledgers = twoLedgers(database);
    await ledgers[0].execute(grant('ann', 1_000n));
    await ledgers[0].execute(setBudget('limit', 'ann', { keyId, ...limits }));
    const verdicts = await race(ledgers);
    expect(countOf(verdicts, 'accepted')).toBe(23);
    expect(countOf(verdicts, 'budget.exceeded')).toBe(177);
    const db = kyselyOn<unknown>(poolOn(database.url));
    expect(await reconcile(db)).toMatchObject({ driftMicros: 0n, brokenAccounts: 0, orphans: 0 });
  });

  it('accept 23 of the key’s hundred, and all that others ask for', async () => {
    const ledgers = twoLedgers(await postgres.create());
    await ledgers[0].execute(grant('ann', 1_000n));
    await ledgers[0].execute(setBudget('limit', 'ann', { keyId: 'key1', dailyMicros: 23n }));
    const verdicts = await race(ledgers);
    expect(countOf(verdicts, 'accepted')).toBe(123);
  });

  it('store no hold under a budget that was changed meanwhile', async () => {
    const ledgers = twoLedgers(await postgres.create());
    const [one, two] = ledgers;
    await one.execute(grant('ann', 1_000n));
    await one.execute(setBudget('wide', 'ann', { dailyMicros: 500n }));
    // The other remembers the wide budget when the narrow one is set.
    await two.execute(byKey('first', null));
    await one.execute(setBudget('narrow', 'ann', { dailyMicros: 10n }));
    expect(await verdict(two.execute(byKey('second', null, 10n)))).toBe('budget.exceeded');
    expect(await verdict(two.execute(byKey('third', null, 9n)))).toBe('accepted');
  });
});

describe('the database', () => {
  it('stores nothing of a process that does not know of budgets', async () => {
    const database = await postgres.create();
    const [sound] = twoLedgers(database);
    const [faulty] = twoLedgers(database, { decideBatch: blind });
    await sound.execute(grant('ann', 1_000n));
    await sound.execute(setBudget('limit', 'ann', { dailyMicros: 23n }));
    await expect(faulty.execute(byKey('too-much', null, 24n))).rejects.toThrow(
      'its budgets do not continue its account',
    );
  });

  it.each([
    ['it spends more than a budget allows', [[null, '7', null, 2, '8', '8']]],
    ['its budgets do not continue its account', [[null, '7', null, 2, '7', '8']]],
    ['its budgets do not continue its account', [[null, '9', null, 2, '8', '8']]],
    ['its budgets do not continue its account', null],
  ])('refuses a forged hold: %s', async (fault, budgets) => {
    const database = await postgres.create();
    const [ledger] = twoLedgers(database);
    await ledger.execute(grant('ann', 8n));
    await ledger.execute(setBudget('limit', 'ann', { dailyMicros: 7n }));
    const row = { ...holdOf8, sequence: 3, budgets_after: budgets && JSON.stringify(budgets) };
    await expect(forgeRows(poolOn(database.url), row)).rejects.toThrow(fault);
  });

  it('would store more than a budget if it did not look at it: the race is one', async () => {
    const database = await postgres.create();
    const owner = poolOn(database.ownerUrl);
    await owner.query('drop trigger verify_added on billing.transactions');
    const ledgers = twoLedgers(database, { decideBatch: blind });
    await ledgers[0].execute(grant('ann', 1_000n));
    await ledgers[0].execute(setBudget('limit', 'ann', { dailyMicros: 23n }));
    expect(countOf(await race(ledgers), 'accepted')).toBeGreaterThan(23);
  });
});

/** A database whose clock the test sets. */
async function withClock() {
  const database = await postgres.create();
  const admin = poolOn(database.adminUrl);
  await admin.query(`
    create schema faked;
    create table faked.clock (ahead interval not null);
    insert into faked.clock values ('0');
    create function faked.clock_timestamp() returns timestamptz language sql volatile as
      $$ select pg_catalog.clock_timestamp() + ahead from faked.clock $$;
    grant usage on schema faked to public;
    grant select on faked.clock to public;
    do $$ begin execute format('alter role safelight_billing in database %I
      set search_path = faked, pg_catalog, billing', current_database()); end $$`);
  /** @returns a ledger that has not heard of any other time */
  const ledgerAt = async (time: string): Promise<Ledger> => {
    await admin.query(
      'update faked.clock set ahead = $1::timestamptz - pg_catalog.clock_timestamp()',
      [time],
    );
    return new Ledger({ pool: poolOn(database.url) });
  };
  const reads = new CustomerReads(poolOn(database.url), 'billing');
  /** Spent today and this month, by the account and by the key. */
  const spent = async () => {
    const { budgets } = await readStandingBudgets(reads, 'ann');
    return budgets.map(({ todayMicros, thisMonthMicros }) => [todayMicros, thisMonthMicros]);
  };
  return { ledgerAt, spent };
}

describe('days and months', () => {
  it('begin at midnight UTC, and what comes back counts in those in which it was held', async () => {
    const { ledgerAt, spent } = await withClock();
    const lastOfJanuary = await ledgerAt('2030-01-30T23:50:00Z');
    await lastOfJanuary.execute(grant('ann', 1_000n));
    await lastOfJanuary.execute(hold('before', 'ann', { priceMicros: 50n, lifetimeMs: 9e8 }));
    await lastOfJanuary.execute(setBudget('own', 'ann', { dailyMicros: 10n, monthlyMicros: 25n }));
    await lastOfJanuary.execute(setBudget('key', 'ann', { keyId: 'key1', monthlyMicros: 12n }));
    const late = (id: string, keyId: string | null, priceMicros: bigint) => ({
      ...{ ...byKey(id, keyId, priceMicros), lifetimeMs: 9e8 },
    });
    await lastOfJanuary.execute(late('a', 'key1', 6n));
    await lastOfJanuary.execute(late('b', null, 4n));
    // What was held before there was a budget never counts, when it comes back neither.
    await lastOfJanuary.execute(voiding('before'));
    expect(await spent()).toEqual([
      [10n, 10n],
      [6n, 6n],
    ]);
    expect(await verdict(lastOfJanuary.execute(late('c', null, 1n)))).toBe('budget.exceeded');

    const nextDay = await ledgerAt('2030-01-31T00:00:10Z');
    expect(await spent()).toEqual([
      [0n, 10n],
      [0n, 6n],
    ]);
    await nextDay.execute(late('d', 'key1', 6n));
    expect(await verdict(nextDay.execute(late('e', 'key1', 1n)))).toBe('budget.exceeded');
    // Of yesterday: nothing of today, and less of the month.
    await nextDay.execute(capture('a', 1, 2));
    expect(await spent()).toEqual([
      [6n, 13n],
      [6n, 9n],
    ]);
    await nextDay.execute(refund('apology', 'a', 1n));
    expect(await spent()).toEqual([
      [6n, 12n],
      [6n, 8n],
    ]);
    expect(await verdict(nextDay.execute(late('f', 'key1', 4n)))).toBe('accepted');

    const nextMonth = await ledgerAt('2030-02-01T00:00:10Z');
    expect(await spent()).toEqual([
      [0n, 0n],
      [0n, 0n],
    ]);
    await nextMonth.execute(voiding('d'));
    await nextMonth.execute(late('g', null, 10n));
    expect(await spent()).toEqual([
      [10n, 10n],
      [0n, 0n],
    ]);
  });
});
