import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startPostgres, type LocalPostgres } from '@safelight/local-servers';
import { provision } from '@safelight/postgres';
import pg from 'pg';
import { databaseFinder } from './database.js';

let home: string;
let postgres: LocalPostgres;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'safelight-ops-'));
  postgres = await startPostgres({ dataDir: join(home, 'postgres'), settings: { fsync: 'off' } });
});
afterAll(async () => {
  await postgres.stop();
  await rm(home, { recursive: true });
});

const find = (service: string, given?: string) => databaseFinder({ given, home })(service);

it('finds the running installation, and says in one sentence why it does not', async () => {
  await expect(find('billing')).rejects.toThrow('is no local installation');
  const passwords = { billing: { password: 'p/w', ownerPassword: 'o' } };
  await writeFile(join(home, 'memory.json'), JSON.stringify({ passwords }));
  await expect(find('moderation')).rejects.toThrow('knows no password for moderation');
  expect(await find('moderation', 'postgres://elsewhere/db')).toBe('postgres://elsewhere/db');

  await provision({
    adminUrl: postgres.url,
    services: [{ name: 'billing', ...passwords.billing }],
  });
  const client = new pg.Client({ connectionString: await find('billing') });
  await client.connect();
  const { rows } = await client.query<{ who: string }>('select current_user as who');
  await client.end();
  expect(rows).toEqual([{ who: 'safelight_billing' }]);

  await postgres.stop();
  await expect(find('billing')).rejects.toThrow('is not running');
}, 90_000);
