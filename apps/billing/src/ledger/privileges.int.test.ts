import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool, inTransaction, provision } from '@safelight/postgres';
import type pg from 'pg';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { capture, gift, grant, hold } from '../test/commands.js';
import { Ledger } from './ledger.writer.js';

/** The services of the whole system; each has a role of its own. */
const others = ['gateway', 'orchestrator', 'dispatch', 'moderation', 'webhooks'];
const roles = ['runtime', 'owner', 'superuser', ...others];
const ledgerTables = ['transactions', 'entries', 'holds', 'resolutions'];

const verbs: Record<string, (table: string) => string> = {
  select: (table) => `select count(*) from ${table}`,
  insert: (table) => `insert into ${table} select * from ${table} where false`,
  update: (table) => `update ${table} set recorded_at = recorded_at where false`,
  delete: (table) => `delete from ${table} where false`,
  truncate: (table) => `truncate ${table}`,
  'insert or update': (table) =>
    `insert into ${table} select * from ${table} where false
     on conflict (id) do update set recorded_at = excluded.recorded_at`,
  merge: (table) => `merge into ${table} t using ${table} s on false when matched then delete`,
  drop: (table) => `drop table ${table}`,
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

const allowed: Record<string, Record<string, string[]>> = {
  runtime: {
    transactions: ['select', 'insert'],
    ...{ entries: ['select'], holds: ['select'], resolutions: ['select'] },
  },
  // Who owns the table may read it and add to it, no more than the service; its views keep it from
  // being dropped by the way.
  owner: {
    transactions: ['select', 'insert'],
    ...{ entries: ['select'], holds: ['select'], resolutions: ['select'] },
  },
};
allowed['superuser'] = allowed['owner']!;

describe.each(roles)('the %s role', (role) => {
  it.each(ledgerTables)('may do with billing.%s only what the matrix allows', async (table) => {
    const done: string[] = [];
    for (const [verb, textOf] of Object.entries(verbs)) {
      const end = await attempt(role, textOf(`billing.${table}`));
      expect([verb, end]).not.toEqual([verb, 'kept']);
      if (end === 'done') done.push(verb);
    }
    expect(done).toEqual(allowed[role]?.[table] ?? []);
  });
});

it('the matrix names every table and view of the ledger', async () => {
  const { rows } = await pools['superuser']!.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'billing'::regnamespace and relkind in ('r', 'v', 'm', 'p')
       and relname not like '%migration%' order by relname`,
  );
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining([...ledgerTables].sort()));
  expect(rows.map(({ name }) => name).filter((name) => !ledgerTables.includes(name))).toEqual([]);
});
