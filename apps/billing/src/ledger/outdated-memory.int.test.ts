import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError } from '@safelight/event-sourcing';
import { createPool, kyselyOn } from '@safelight/postgres';
import type pg from 'pg';
import {
  billingDatabases,
  type BillingDatabase,
  type BillingDatabases,
} from '../test/billing-database.js';
import { capture, grant, hold, voiding } from '../test/commands.js';
import { decideAll } from './batch.js';
import type { BatchWriterOptions } from './batch-writer.js';
import type { Fault } from './fault.js';
import { Ledger } from './ledger.writer.js';
import { reconcile } from './reconciliation.sql.js';

let postgres: BillingDatabases;
let database: BillingDatabase;
const pools: pg.Pool[] = [];

beforeAll(async () => {
  postgres = await billingDatabases();
  database = await postgres.create();
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await postgres.stop();
});

function poolOn(url: string): pg.Pool {
  const pool = createPool({ url, applicationName: 'test' });
  pools.push(pool);
  return pool;
}

/** One process's ledger, the faults that it met, and how many statements it has sent. */
function process(options: Partial<BatchWriterOptions> = {}, { url } = database) {
  const pool = poolOn(url);
  const faults: Fault[] = [];
  let statements = 0;
  pool.on('acquire', () => (statements += 1));
  const ledger = new Ledger({ pool, onFault: (fault) => faults.push(fault), ...options });
  const ask = ledger.execute.bind(ledger);
  return { ask, faults, statements: () => statements, db: kyselyOn<unknown>(pool) };
}

const accepts = (asked: Promise<unknown>): Promise<boolean> =>
  asked.then(
    () => true,
    (error: unknown) => {
      if (error instanceof DomainError && error.code === 'credits.insufficient') return false;
      throw error;
    },
  );

/** Two processes in turn ask for 30 holds on an account that can pay for ten. */
async function spendInTurn(account: string, on: BillingDatabase) {
  const [one, two] = [process({}, on), process({}, on)];
  await one.ask(grant(account, 10n));
  let accepted = 0;
  for (let n = 0; n < 30; n += 1) {
    // Three in a row, so that each remembers what the other makes untrue.
    const { ask } = n % 6 < 3 ? one : two;
    if (await accepts(ask(hold(`${account}-${n}`, account)))) accepted += 1;
  }
  return { accepted, faults: [...one.faults, ...two.faults], db: one.db };
}

describe('a process that remembers what it wrote', () => {
  it('stores a hold and its capture with one statement each', async () => {
    const { ask, statements, faults } = process();
    await ask(grant('ann', 100n));
    const before = statements();
    for (let n = 0; n < 10; n += 1) {
      await ask(hold(`ann-${n}`, 'ann'));
      await ask(capture(`ann-${n}`));
    }
    expect(statements() - before).toBe(20);
    expect(faults).toEqual([]);
  });

  it('asks the database about an id that it does not remember', async () => {
    const { ask } = process();
    await ask(grant('bea', 10n));
    const first = await ask(hold('bea-1', 'bea'));
    await expect(ask(hold('bea-1', 'bea'))).resolves.toEqual(first);
    const captured = await ask(capture('bea-1'));
    await expect(ask(capture('bea-1'))).resolves.toEqual(captured);
    await expect(ask(voiding('bea-1'))).resolves.toEqual(captured);
    await expect(ask(hold('bea-1', 'bea'))).rejects.toMatchObject({ code: 'hold.resolved' });
    await expect(ask(grant('bea', 10n))).resolves.toEqual({ availableMicros: 9n, heldMicros: 0n });
  });
});

describe('a process whose memory another one outdates', () => {
  it('spends no credit twice', async () => {
    const { accepted, faults, db } = await spendInTurn('cyd', database);
    expect(accepted).toBe(10);
    expect(faults).toContain('outdated');
    expect(await reconcile(db)).toMatchObject({ driftMicros: 0n, brokenAccounts: 0 });
  });

  it('would spend some twice without the unique place of each transaction', async () => {
    const other = await postgres.create();
    await poolOn(other.ownerUrl).query('drop index billing.transactions_place');
    expect((await spendInTurn('cyd', other)).accepted).toBeGreaterThan(10);
  });

  it('resolves no hold twice', async () => {
    const [one, two] = [process(), process()];
    await one.ask(grant('dan', 10n));
    await one.ask(hold('dan-1', 'dan', { priceMicros: 4n }));
    const voided = await two.ask(voiding('dan-1'));
    await expect(one.ask(capture('dan-1'))).resolves.toEqual(voided);
    expect(one.faults).toEqual(['outdated']);
  });
});

describe('what is not verified by storing it', () => {
  /** What a process says about an account on which another one has been busy since. */
  async function heard(account: string, options: Partial<BatchWriterOptions>) {
    const [one, two] = [process(options), process()];
    await one.ask(grant(account, 5n));
    await one.ask(hold(`${account}-1`, account, { priceMicros: 5n }));
    await two.ask({ ...grant(account, 7n), grantId: `more-${account}` });
    const again = await one.ask(hold(`${account}-1`, account, { priceMicros: 5n }));
    const enough = await accepts(one.ask(hold(`${account}-2`, account, { priceMicros: 7n })));
    return { availableMicros: again.balance.availableMicros, enough };
  }

  it('is never told from memory: neither a refusal nor a balance', async () => {
    expect(await heard('eve', {})).toEqual({ availableMicros: 7n, enough: true });
  });

  it('would be wrong if it were', async () => {
    const wrong = { availableMicros: 0n, enough: false };
    expect(await heard('fay', { standsFromMemory: () => true })).toEqual(wrong);
  });
});

describe('after an error whose outcome is unknown', () => {
  /** Two accounts are remembered; the second changes elsewhere; the first one's batch may fail. */
  async function faultsOf(scope: string, isBroken: boolean): Promise<Fault[]> {
    let breaksNext = false;
    const one = process({
      decideBatch: (commands, book) => {
        if (breaksNext) {
          breaksNext = false;
          throw Object.assign(new Error('the connection broke'), { code: '08006' });
        }
        return decideAll(commands, book);
      },
    });
    const [ann, bob] = [`${scope}-ann`, `${scope}-bob`];
    await one.ask(grant(ann, 5n));
    await one.ask(grant(bob, 5n));
    await process().ask(hold(`${scope}-1`, bob));
    breaksNext = isBroken;
    await one.ask(hold(`${scope}-2`, ann));
    await one.ask(hold(`${scope}-3`, bob));
    return one.faults;
  }

  it('nothing is believed that was remembered before it', async () => {
    expect(await faultsOf('broken', true)).toEqual(['unreachable']);
    expect(await faultsOf('whole', false)).toEqual(['outdated']);
  });
});
