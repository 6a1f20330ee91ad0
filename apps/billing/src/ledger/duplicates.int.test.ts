import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError } from '@safelight/event-sourcing';
import { createPool, CustomerReads, kyselyOn } from '@safelight/postgres';
import type pg from 'pg';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { adjustment, capture, hold, refund, reversal, topUp } from '../test/commands.js';
import { readBalance } from './balance.sql.js';
import { Ledger } from './ledger.writer.js';
import { reconcile } from './reconciliation.sql.js';

const sound = {
  ...{ driftMicros: 0n, overdueHolds: 0, overdueGrants: 0 },
  ...{ brokenAccounts: 0, brokenTransactions: 0, orphans: 0, overdone: 0 },
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
async function twoLedgers() {
  const { url } = await postgres.create();
  const [one, two] = [1, 2].map((n) => createPool({ url, applicationName: `billing ${n}` }));
  pools.push(one!, two!);
  const ledgers = [new Ledger({ pool: one! }), new Ledger({ pool: two! })] as const;
  return { ledgers, pool: one!, db: kyselyOn<unknown>(one!) };
}

/** `ok`, or the code of a refusal. */
const verdict = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'ok',
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );

describe('200 times at once through two ledgers', () => {
  /** How often it had an effect, and what everybody heard. */
  async function duplicates(account: string, ask: (ledger: Ledger) => Promise<unknown>) {
    const { ledgers, pool, db } = await twoLedgers();
    await ledgers[0].execute(topUp(`pay-${account}`, account, 10n));
    await ledgers[0].execute(hold('job', account, { priceMicros: 8n }));
    await ledgers[0].execute(hold('done', account, { priceMicros: 2n }));
    await ledgers[0].execute(capture('done'));
    const before = await transactionsOf(pool, account);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => ask(ledgers[n % 2]!)));
    expect(await reconcile(db)).toEqual(sound);
    const texts = new Set(answers.map((answer) => inspect(answer, { sorted: true })));
    return { effects: (await transactionsOf(pool, account)) - before, answers: texts.size };
  }
  const once = { effects: 1, answers: 1 };

  it.each<[string, (ledger: Ledger) => Promise<unknown>]>([
    ['one capture', (ledger) => ledger.execute(capture('job', 3, 4))],
    ['one refund', (ledger) => ledger.execute(refund('ref', 'done', 2n))],
    ['one top-up', (ledger) => ledger.execute(topUp('again', 'fay', 2n))],
    ['one chargeback', (ledger) => ledger.execute(reversal('rev', 'topup:bank:pay-fay', 7n))],
    ['one adjustment', (ledger) => ledger.execute(adjustment('adj', 'fay', 3n))],
  ])('%s has one effect and one answer', async (_, ask) => {
    expect(await duplicates('fay', ask)).toEqual(once);
  });

  it('different refunds of one charge give back no more than was captured', async () => {
    const { ledgers, pool, db } = await twoLedgers();
    await ledgers[0].execute(topUp('pay-gil', 'gil', 37n));
    await ledgers[0].execute(hold('gil-job', 'gil', { priceMicros: 37n }));
    await ledgers[0].execute(capture('gil-job'));
    const verdicts = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        verdict(ledgers[n % 2]!.execute(refund(`gil-${n}`, 'gil-job', 1n))),
      ),
    );
    expect(verdicts.filter((text) => text === 'ok')).toHaveLength(37);
    expect(verdicts.filter((text) => text === 'refund.exceeds_capture')).toHaveLength(163);
    expect(await readBalance(new CustomerReads(pool, 'billing'), 'gil')).toMatchObject({
      availableMicros: 37n,
      paidMicros: 37n,
    });
    expect(await reconcile(db)).toEqual(sound);
  });
});

async function transactionsOf(pool: pg.Pool, account: string): Promise<number> {
  const { rows } = await pool.query<{ n: bigint }>(
    'select count(*) as n from billing.transactions where account_id = $1',
    [account],
  );
  return Number(rows[0]!.n);
}
