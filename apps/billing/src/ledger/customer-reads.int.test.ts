import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createPool,
  CustomerReads,
  EVERYBODY,
  transact,
  type Statement,
} from '@safelight/postgres';
import type pg from 'pg';
import { schema } from '../migrations/index.js';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { grant, hold } from '../test/commands.js';
import { balanceStatement } from './balance.sql.js';
import { historyStatement, lastUntilStatement } from './history.sql.js';
import { Ledger } from './ledger.writer.js';

let databases: BillingDatabases;
let pool: pg.Pool;
let reads: CustomerReads;
beforeAll(async () => {
  databases = await billingDatabases();
  const { url } = await databases.create();
  pool = createPool({ url, applicationName: 'test', indexesOnly: true });
  reads = new CustomerReads(pool, schema);
  const ledger = new Ledger({ pool });
  await ledger.execute(grant('ann', 10n));
  await ledger.execute(hold('job', 'ann', { priceMicros: 4n }));
  await ledger.execute(grant('bob', 7n));
});
afterAll(async () => {
  await pool.end();
  await databases.stop();
});

const seen = async (accountId: string, statement: Statement): Promise<number> =>
  (await reads.rows(accountId, [statement]))[0]!.length;
const plain = (text: string): Statement => ({ name: '', text, values: [] });

describe.each<[string, Statement]>([
  ['the balance', balanceStatement('ann')],
  ['the history', historyStatement('ann', 100n, 10)],
  ['the last entry until a time', lastUntilStatement('ann', '2100-01-01')],
  [
    'a query that forgot the account',
    plain(`select * from transactions where id = 'grant:first-ann'`),
  ],
])('%s of an account', (_, statement) => {
  it('is not seen for another, whatever the query asks for', async () => {
    expect(await seen('ann', statement)).toBeGreaterThan(0);
    expect(await seen('bob', statement)).toBe(0);
    expect(await seen(EVERYBODY, statement)).toBe(0);
    expect((await transact(pool, [statement]))[0]!.length).toBeGreaterThan(0);
  });
});

/** Of billing, and nothing for whoever reads on a customer's behalf. */
const others = [
  ...['auto_top_ups', 'entries', 'holds', 'ledger_blocks', 'ledger_heads', 'ledger_keys'],
  ...['ledger_leaves', 'ledger_nodes', 'migrations', 'payment_facts', 'payment_step_ends'],
  ...['payment_steps', 'payment_work', 'price_books', 'resolutions', 'top_ups'],
];

describe('the reader role', () => {
  it.each([
    ...others.map((one) => `select * from ${one}`),
    'insert into transactions select * from transactions',
    'update transactions set kind = kind',
    'delete from transactions',
    'truncate transactions',
    'alter table transactions disable row level security',
    'alter table transactions disable trigger append_only',
    'drop table transactions',
  ])('may not %s', async (verb) => {
    await expect(seen('ann', plain(verb))).rejects.toMatchObject({ code: '42501' });
  });

  it('is named for every table and view of the service', async () => {
    const text = `select relname from pg_class where relnamespace = 'billing'::regnamespace
      and relkind in ('r', 'v', 'm', 'p') order by relname`;
    const [rows] = await transact(pool, [plain(text)]);
    expect(rows!.map(([name]) => name)).toEqual([...others, 'transactions'].sort());
  });
});
