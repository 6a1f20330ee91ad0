import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testPostgres, type TestPostgres } from '@safelight/testing';
import type pg from 'pg';
import {
  createPool,
  dataSourceOver,
  inTransaction,
  kyselyOn,
  migrate,
  provision,
} from './index.js';
import type { MigrationClass } from './migrate.js';

let postgres: TestPostgres;
let adminUrl: string;
let pool: pg.Pool;

beforeAll(async () => {
  postgres = await testPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  ({ url: adminUrl } = await postgres.database());
  pool = createPool({ url: adminUrl, applicationName: 'test', max: 3 });
  await pool.query('CREATE TABLE notes (id bigint PRIMARY KEY, text text)');
});
afterEach(() => pool.end());

const count = async () =>
  (await pool.query<{ n: bigint }>('SELECT count(*) AS n FROM notes')).rows[0]!.n;
const insert = (client: pg.PoolClient | pg.Pool, id: number) =>
  client.query('INSERT INTO notes VALUES ($1)', [id]);

describe('createPool', () => {
  it('reads int8 and xid8 as bigint, and limits statements and idle transactions', async () => {
    const { rows } = await pool.query(`
      SELECT 9007199254740993 AS big, pg_current_xact_id() AS xid, 1 AS small,
        current_setting('statement_timeout') AS statement,
        current_setting('idle_in_transaction_session_timeout') AS idle,
        current_setting('application_name') AS name`);
    expect(rows[0]).toEqual({
      big: 9_007_199_254_740_993n,
      xid: expect.any(BigInt),
      small: 1,
      statement: '30s',
      idle: '30s',
      name: 'test',
    });
  });

  it('survives its idle connections being killed', async () => {
    const errors: Error[] = [];
    const watched = createPool({
      url: adminUrl,
      applicationName: 'watched',
      onError: (error) => errors.push(error),
    });
    await watched.query('SELECT 1');
    await pool.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'watched'`,
    );
    while (errors.length === 0) await new Promise(setImmediate);
    await expect(watched.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 });
    await watched.end();
  });
});

describe('a plan made while a table was small', () => {
  const batch = `UPDATE notes SET text = new.text
    FROM json_to_recordset($1) AS new (id bigint, text text) WHERE notes.id = new.id`;

  /** The plan that a connection keeps for a prepared statement. */
  async function keptPlan(indexesOnly: boolean): Promise<string> {
    const own = createPool({ url: adminUrl, applicationName: 'planner', max: 1, indexesOnly });
    await own.query(`SET plan_cache_mode = force_generic_plan; PREPARE batch AS ${batch}`);
    const { rows } = await own.query<Record<string, string>>(`EXPLAIN EXECUTE batch('[]')`);
    await own.end();
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  it('reads all of the table, but goes by key where the pool is told to', async () => {
    await pool.query('INSERT INTO notes SELECT n FROM generate_series(1, 150) n');
    await pool.query('ANALYZE notes');
    expect(await keptPlan(false)).toMatch(/Hash Join[^]*Seq Scan on notes/);
    expect(await keptPlan(true)).toMatch(
      /Nested Loop[^]*Index Scan using notes_pkey on notes[^]*Index Cond: \(id = new.id\)/,
    );
  });
});

describe('inTransaction', () => {
  it('commits what succeeds and rolls back what throws', async () => {
    await inTransaction(pool, (client) => insert(client, 1));
    const failing = inTransaction(pool, async (client) => {
      await insert(client, 2);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await count()).toBe(1n);
  });

  it('does not report a commit that was none', async () => {
    const hiding = inTransaction(pool, async (client) => {
      await insert(client, 1);
      await insert(client, 1).catch(() => undefined);
    });
    await expect(hiding).rejects.toThrow('rolled back');
    expect(await count()).toBe(0n);
  });

  it('throws away a connection that died, and serves again', async () => {
    for (let round = 0; round < 5; round += 1) {
      const dying = inTransaction(pool, (client) =>
        client.query('SELECT pg_terminate_backend(pg_backend_pid())'),
      );
      await expect(dying).rejects.toThrow();
    }
    await inTransaction(pool, (client) => insert(client, 1));
    expect(await count()).toBe(1n);
    expect(pool.idleCount).toBe(pool.totalCount);
  });
});

describe('kyselyOn', () => {
  interface Tables {
    notes: { id: bigint; text: string | null };
  }

  it('joins a database transaction that is open, and refuses to begin another', async () => {
    const failing = inTransaction(pool, async (client) => {
      const db = kyselyOn<Tables>(client);
      await db.insertInto('notes').values({ id: 1n, text: 'a' }).execute();
      expect(await db.selectFrom('notes').selectAll().execute()).toEqual([{ id: 1n, text: 'a' }]);
      await db.transaction().execute(async () => undefined);
    });
    await expect(failing).rejects.toThrow('do not begin another');
    expect(await count()).toBe(0n);
  });

  it('works over the pool, with transactions of its own, and does not end it', async () => {
    const db = kyselyOn<Tables>(pool);
    await db
      .transaction()
      .execute((trx) => trx.insertInto('notes').values({ id: 1n, text: null }).execute());
    await db.destroy();
    expect(await count()).toBe(1n);
  });
});

describe('provision and migrate', () => {
  const services = ['billing', 'dispatch'].map((name) => ({
    name,
    password: `${name} p@ss/'`,
    ownerPassword: `${name}-owner`,
  }));
  const made: string[] = [];
  const migrations: MigrationClass[] = [
    class Second1700000000002 {
      name = 'Second1700000000002';
      async up(runner: { query(sql: string): Promise<unknown> }) {
        made.push(this.name);
        await runner.query('ALTER TABLE billing.things ADD COLUMN label text');
        await runner.query('GRANT SELECT, INSERT ON billing.things TO safelight_billing');
      }
      async down() {}
    },
    class First1700000000001 {
      name = 'First1700000000001';
      async up(runner: { query(sql: string): Promise<unknown> }) {
        made.push(this.name);
        await runner.query('CREATE TABLE billing.things (id int)');
      }
      async down() {}
    },
  ];

  it('gives each service only its own, twice at once and again', async () => {
    const other = await postgres.database();
    const [urls] = await Promise.all([
      provision({ adminUrl, services }),
      provision({ adminUrl, services }),
      provision({ adminUrl: other.url, services }),
    ]);
    await provision({ adminUrl, services });
    const { billing, dispatch } = urls;
    const migrating = { url: billing!.migrationUrl, schema: 'billing', migrations };
    await Promise.all([migrate(migrating), migrate(migrating)]);
    await migrate(migrating);
    expect(made).toEqual(['First1700000000001', 'Second1700000000002']);

    const mine = createPool({ url: billing!.url, applicationName: 'billing' });
    const theirs = createPool({ url: dispatch!.url, applicationName: 'dispatch' });
    await mine.query(`INSERT INTO things VALUES (1, 'found by the search path')`);
    const denied = { code: '42501' };
    await expect(mine.query('DELETE FROM things')).rejects.toMatchObject(denied);
    await expect(mine.query('CREATE TABLE billing.more (id int)')).rejects.toMatchObject(denied);
    await expect(mine.query('CREATE TABLE public.more (id int)')).rejects.toMatchObject(denied);
    await expect(mine.query('SELECT * FROM migrations')).rejects.toMatchObject(denied);
    await expect(theirs.query('SELECT * FROM billing.things')).rejects.toMatchObject(denied);
    await Promise.all([mine.end(), theirs.end()]);
  });

  it('leaves nothing of a migration that fails, and keeps those before it', async () => {
    const { billing } = await provision({ adminUrl, services });
    class Broken1700000000003 {
      name = 'Broken1700000000003';
      async up(runner: { query(sql: string): Promise<unknown> }) {
        await runner.query('CREATE TABLE billing.half (id int)');
        await runner.query('SELECT 1 / 0');
      }
      async down() {}
    }
    const all = [...migrations, Broken1700000000003];
    const options = { url: billing!.migrationUrl, schema: 'billing', migrations: all };
    await expect(migrate(options)).rejects.toThrow('division by zero');
    const { rows } = await pool.query(
      `SELECT to_regclass('billing.half') AS half, to_regclass('billing.things')::text AS things`,
    );
    expect(rows[0]).toEqual({ half: null, things: 'billing.things' });
  });

  it('refuses names that could not stand unquoted in SQL', async () => {
    const bad = [{ name: 'x"; DROP', password: 'p', ownerPassword: 'o' }];
    await expect(provision({ adminUrl, services: bad })).rejects.toThrow('is no name');
  });
});

it('lets TypeORM use the pool of the service without ending it', async () => {
  const source = await dataSourceOver(pool, {});
  await source.transaction(async (manager) => {
    await manager.query('INSERT INTO notes VALUES (1)');
  });
  await source.destroy();
  expect(await count()).toBe(1n);
});
