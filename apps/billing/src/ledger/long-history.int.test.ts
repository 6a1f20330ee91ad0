import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool, type Statement } from '@safelight/postgres';
import type pg from 'pg';
import {
  billingDatabases,
  type BillingDatabase,
  type BillingDatabases,
} from '../test/billing-database.js';
import { capture, grant, hold } from '../test/commands.js';
import { decideAll } from './batch.js';
import type { LedgerCommand } from './ledger.js';
import { bookFrom, readStatement } from './read-book.sql.js';
import { recordStatement } from './record.sql.js';

const jobs = 200;

let postgres: BillingDatabases;
const pools: pg.Pool[] = [];

beforeAll(async () => {
  postgres = await billingDatabases();
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await postgres.stop();
});

/** One connection, whose plans are kept from when the table was small; as the service opens it. */
async function connectionTo({ url }: BillingDatabase): Promise<pg.PoolClient> {
  const pool = createPool({ url, applicationName: 'test', max: 1, indexesOnly: true });
  pools.push(pool);
  return pool.connect();
}

async function analyse({ ownerUrl }: BillingDatabase): Promise<void> {
  const owner = createPool({ url: ownerUrl, applicationName: 'test' });
  pools.push(owner);
  await owner.query('analyze billing.transactions');
}

async function run(client: pg.PoolClient, statement: Statement): Promise<unknown[][]> {
  const { name, text, values } = statement;
  const query = { name, text, values: [...values], rowMode: 'array' as const };
  const { rows } = await client.query<unknown[]>(query);
  return rows;
}

/** Rows of the ledger that this connection has looked at and not yet told the statistics. */
async function lookedAt(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query<{ count: bigint }>(
    `select seq_tup_read + idx_tup_fetch as count from pg_stat_xact_user_tables
     where relid = 'billing.transactions'::regclass`,
  );
  return Number(rows[0]?.count);
}

/** @returns how many rows were looked at: by the read, by the write and by the database's checks */
async function rowsFor(client: pg.PoolClient, command: LedgerCommand): Promise<number> {
  await client.query('begin');
  const before = await lookedAt(client);
  const { placed, nowMs } = decideAll(
    [command],
    bookFrom(await run(client, readStatement([command]))),
  );
  await run(client, recordStatement(placed, nowMs));
  const after = await lookedAt(client);
  await client.query('commit');
  return after - before;
}

/** The most rows that one hold and one capture looked at, of many on one account. */
async function mostRows(client: pg.PoolClient): Promise<{ hold: number; capture: number }> {
  const most = { hold: 0, capture: 0 };
  for (let n = 0; n < jobs; n += 1) {
    most.hold = Math.max(most.hold, await rowsFor(client, hold(`job${n}`, 'ann')));
    most.capture = Math.max(most.capture, await rowsFor(client, capture(`job${n}`)));
  }
  return most;
}

describe('what a command costs the database', () => {
  it.each(['empty', 'known to be tiny'])(
    'stays the same however long the account’s history, on plans for a table that was %s',
    async (what) => {
      const database = await postgres.create();
      const client = await connectionTo(database);
      try {
        await rowsFor(client, grant('ann', 1_000n));
        if (what === 'known to be tiny') await analyse(database);
        const few = { hold: 2, capture: 4 };
        expect(await mostRows(client)).toEqual(few);
        await analyse(database);
        expect(await rowsFor(client, hold('last', 'ann'))).toBe(few.hold);
        expect(await rowsFor(client, capture('last'))).toBe(few.capture);
      } finally {
        client.release();
      }
    },
  );
});
