import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError } from '@safelight/event-sourcing';
import { createPool, CustomerReads, kyselyOn } from '@safelight/postgres';
import fc from 'fast-check';
import type pg from 'pg';
import { arbitraryCharge, arbitraryCommand, scoped } from '../test/arbitrary-commands.js';
import {
  billingDatabases,
  type BillingDatabase,
  type BillingDatabases,
} from '../test/billing-database.js';
import { LedgerModel } from '../test/ledger-model.js';
import { told, toldRefusal } from '../test/told.js';
import { composed, readBalance } from './balance.sql.js';
import { readLastUntil } from './history.sql.js';
import type { LedgerCommand } from './ledger.js';
import { Ledger } from './ledger.writer.js';
import { reconcile } from './reconciliation.sql.js';
import { lotsFrom } from './stored-lots.js';

const runs = 300;
const commandsPerRun = 40;
/** Grants end an hour before the test, or some hours after it. */
const [nowMs, stepMs] = [Date.now(), 3_600_000];
const sound = {
  driftMicros: 0n,
  brokenAccounts: 0,
  brokenTransactions: 0,
  orphans: 0,
  overdone: 0,
};

let postgres: BillingDatabases;
const pools: pg.Pool[] = [];
let run = 0;

beforeAll(async () => {
  postgres = await billingDatabases();
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await postgres.stop();
});

const poolOn = (url: string): pg.Pool => {
  const pool = createPool({ url, applicationName: 'billing test', max: 3 });
  pools.push(pool);
  return pool;
};

interface Asked {
  readonly command: LedgerCommand;
  /** Which of the two ledgers is asked. */
  readonly through: number;
}

const asked: fc.Arbitrary<Asked> = fc.record({
  command: arbitraryCommand(nowMs, stepMs),
  through: fc.integer({ min: 0, max: 1 }),
});
/** Commands that are asked at the same moment; sometimes the same one twice. */
const race: fc.Arbitrary<Asked[]> = fc
  .array(asked, { minLength: 1, maxLength: 3 })
  .chain((group) =>
    fc.boolean().map((twice) => (twice ? [...group, { ...group[0]!, through: 1 }] : group)),
  );
const races = fc.array(race, { minLength: commandsPerRun / 2, maxLength: commandsPerRun / 2 });
const charge = arbitraryCharge(nowMs, stepMs).map((commands) =>
  commands.map((command) => [{ command, through: 0 }]),
);
const story = fc
  .oneof(
    races,
    fc.tuple(charge, races).map(([first, rest]) => [...first, ...rest]),
  )
  .map(upToLimit);

function upToLimit(groups: Asked[][]): Asked[][] {
  let count = 0;
  return groups.filter((group) => (count += group.length) <= commandsPerRun);
}

async function heard(ledgers: Ledger[], { command, through }: Asked): Promise<string> {
  try {
    return told(await ledgers[through]!.execute(command));
  } catch (error) {
    if (error instanceof DomainError) return toldRefusal(error.code);
    throw error;
  }
}

/**
 * What the model may be after the group: after each order that explains every answer. There may be
 * several that end differently, since an answer need not tell what came before it: a budget counts
 * what is spent from its first day on, so whether a hold came before or after it shows only later.
 */
function explain(
  models: readonly LedgerModel[],
  group: Asked[],
  answers: string[],
  atMs: number,
): LedgerModel[] {
  const found = models.flatMap((model) => ordersOf(model, group, answers, atMs));
  if (found.length < 2) return found;
  return [...new Map(found.map((model) => [inspect(model, WHOLE), model])).values()];
}

const WHOLE = { depth: null, sorted: true, maxArrayLength: null } as const;

function ordersOf(
  model: LedgerModel,
  group: Asked[],
  answers: string[],
  atMs: number,
): LedgerModel[] {
  if (group.length === 0) return [model];
  return group.flatMap(({ command }, index) => {
    const next = model.copy();
    if (next.ask(command, atMs) !== answers[index]) return [];
    const others = <T>(list: T[]) => list.filter((_, other) => other !== index);
    return ordersOf(next, others(group), others(answers), atMs);
  });
}

/** Folded from its transactions, as it stands, and as of now: an account is told alike. */
async function expectTold(
  pool: pg.Pool,
  account: string,
  models: readonly LedgerModel[],
): Promise<void> {
  const { rows } = await pool.query<Record<'available' | 'held' | 'paid' | 'lots', bigint>>(
    `select coalesce(sum(available_micros), 0)::bigint as available,
      coalesce(sum(held_micros), 0)::bigint as held, coalesce(sum(paid_micros), 0)::bigint as paid,
      coalesce(sum((select sum(micros) from billing.lots_of(lots_moved))), 0)::bigint as lots
     from billing.transactions where account_id = $1`,
    [account],
  );
  const { available, held, paid, lots } = rows[0]!;
  const reads = new CustomerReads(pool, 'billing');
  const standing = await readBalance(reads, account);
  const last = await readLastUntil(reads, account, new Date(Date.now() + 60_000).toISOString());
  expect(last && composed(last)).toEqual(standing);
  const { availableMicros = 0n, heldMicros = 0n, paidMicros = 0n } = standing ?? {};
  expect([availableMicros, heldMicros, paidMicros]).toEqual([available, held, paid]);
  const balance = `available ${available} held ${held}`;
  const expiring = lotsFrom(last?.lots_after ?? null);
  const piles: [string, bigint][] = expiring.map(({ grantId, micros }) => [grantId, micros]);
  if (available > paid + lots) piles.push(['given', available - paid - lots]);
  if (paid > 0n) piles.push(['paid', paid]);
  const made = piles.map(([name, size]) => `${name} ${size}`).join(', ');
  const foreseen = models.map((model) => [model.balance(account), model.piles(account)]);
  expect(foreseen).toContainEqual([balance, made]);
}

/** Two ledgers on one database behave as one, whatever they are asked at the same moment. */
function behaveAsOne({ url }: BillingDatabase) {
  const ledgers = [poolOn(url), poolOn(url)].map((pool) => new Ledger({ pool }));
  const pool = poolOn(url);
  const db = kyselyOn<unknown>(pool);
  return fc.asyncProperty(story, async (groups) => {
    run += 1;
    let models = [new LedgerModel()];
    for (const group of groups) {
      const mine = group.map((one) => ({ ...one, command: scoped(one.command, `${run}`) }));
      const answers = await Promise.all(mine.map((one) => heard(ledgers, one)));
      models = explain(models, mine, answers, Date.now());
      if (models.length === 0) throw new Error(`no order explains ${answers.join(' | ')}`);
    }
    for (const name of ['ann', 'bob']) await expectTold(pool, `${run}-${name}`, models);
    expect(await reconcile(db)).toMatchObject(sound);
  });
}

describe('two ledgers on one PostgreSQL', () => {
  it('answer random, racing and repeated commands as one would, and stay sound', async () => {
    await fc.assert(behaveAsOne(await postgres.create()), { numRuns: runs });
  }, 240_000);

  it('would be caught if the place of a transaction were not unique', async () => {
    const database = await postgres.create();
    await poolOn(database.ownerUrl).query('drop index billing.transactions_place');
    const { failed } = await fc.check(behaveAsOne(database), { numRuns: runs, endOnFailure: true });
    expect(failed).toBe(true);
  }, 240_000);
});
