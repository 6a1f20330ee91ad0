import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool, inTransaction, provision } from '@safelight/postgres';
import type pg from 'pg';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { capture, gift, grant, hold } from '../test/commands.js';
import { Ledger } from './ledger.writer.js';

/** The services of the whole system; each has a role of its own. */
const others = ['gateway', 'orchestrator', 'dispatch', 'moderation', 'webhooks'];
const roles = ['runtime', 'owner', 'superuser', ...others];
const insertOnly = {
  transactions: 'id',
  ledger_blocks: 'height',
  ledger_heads: 'number',
  ledger_keys: 'key_id',
  ledger_leaves: 'position',
  ledger_nodes: 'level',
  payment_facts: 'id',
  payment_step_ends: 'step',
  payment_steps: 'step',
  price_books: 'version',
  top_ups: 'id',
} as const;
const views = { entries: 'transaction_id', holds: 'hold_id', resolutions: 'hold_id' } as const;
/** What is to be done next and what a customer wishes: no money, and no history. */
const working = ['auto_top_ups', 'payment_work'];
/** By name: a column of theirs. */
const ledgerTables: Readonly<Record<string, string>> = { ...insertOnly, ...views };

/** `c` is a column of the table. */
const verbs: Record<string, (table: string, c: string) => string> = {
  select: (table) => `select count(*) from billing.${table}`,
  insert: (table) => `insert into billing.${table} overriding system value
     select * from billing.${table} where false`,
  update: (table, c) => `update billing.${table} set ${c} = ${c} where false`,
  delete: (table) => `delete from billing.${table} where false`,
  truncate: (table) => `truncate billing.${table} cascade`,
  'insert or update': (table, c) =>
    `insert into billing.${table} overriding system value
     select * from billing.${table} where false
     on conflict on constraint ${table}_pkey do update set ${c} = excluded.${c}`,
  merge: (table) =>
    `merge into billing.${table} t using billing.${table} s on false when matched then delete`,
  drop: (table) => `drop table billing.${table}`,
};

let postgres: BillingDatabases;
const pools: Record<string, pg.Pool> = {};

beforeAll(async () => {
  postgres = await billingDatabases();
  const { url, ownerUrl, adminUrl } = await postgres.create();
  const urls: Record<string, string> = { runtime: url, owner: ownerUrl, superuser: adminUrl };
  const provisioned = await provision({
    adminUrl,
    services: others.map((name) => ({ name, password: 'runtime', ownerPassword: 'owner' })),
  });
  for (const name of others) urls[name] = provisioned[name]!.url;
  for (const role of roles) {
    pools[role] = createPool({ url: urls[role]!, applicationName: 'test', max: 1 });
  }
  const ledger = new Ledger({ pool: pools['runtime']! });
  await ledger.execute(grant('ann', 10n));
  await ledger.execute(gift('gift', 'ann', 10n, Date.now() + 3_600_000));
  await ledger.execute(hold('job', 'ann', { priceMicros: 4n }));
  await ledger.execute(capture('job', 1, 2));
});
afterAll(async () => {
  await Promise.all(Object.values(pools).map((pool) => pool.end()));
  await postgres.stop();
});

/** `done`, or the code of the refusal. Nothing is kept of it. */
async function attempt(role: string, text: string): Promise<string> {
  try {
    await inTransaction(pools[role]!, async (client) => {
      await client.query(text);
      throw Object.assign(new Error('not to be kept'), { code: 'done' });
    });
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'kept';
}

const readable = Object.keys(views).map((view) => [view, ['select']]);
const addable = Object.keys(insertOnly).map((table) => [table, ['select', 'insert']]);
const most = Object.fromEntries([...readable, ...addable]) as Record<string, string[]>;
// Who owns a table may read it and add to it, no more than the service; and drop it whole, where
// nothing refers to it: nobody can forbid an owner that, and no service runs as one.
const droppable = [
  ...['ledger_blocks', 'ledger_heads', 'ledger_leaves', 'ledger_nodes'],
  ...['payment_facts', 'payment_step_ends', 'price_books'],
];
const owned = {
  ...most,
  ...Object.fromEntries(droppable.map((table) => [table, ['select', 'insert', 'drop']])),
};
const allowed: Record<string, Record<string, string[]>> = { runtime: most, owner: owned };
allowed['superuser'] = allowed['owner']!;

describe.each(roles)('the %s role', (role) => {
  it.each(Object.entries(ledgerTables))(
    'may do with billing.%s only what the matrix allows',
    async (table, column) => {
      const done: string[] = [];
      for (const [verb, textOf] of Object.entries(verbs)) {
        const end = await attempt(role, textOf(table, column));
        expect([verb, end]).not.toEqual([verb, 'kept']);
        if (end === 'done') done.push(verb);
      }
      expect(done).toEqual(allowed[role]?.[table] ?? []);
    },
  );
});

it('the matrix names every table and view of the ledger', async () => {
  const { rows } = await pools['superuser']!.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'billing'::regnamespace and relkind in ('r', 'v', 'm', 'p')
       and relname not like '%migration%' order by relname`,
  );
  const named = [...Object.keys(ledgerTables), ...working].sort();
  expect(rows.map(({ name }) => name).sort()).toEqual(named);
});
