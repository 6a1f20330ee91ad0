import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testPostgres, type TestPostgres } from '@safelight/testing';
import type pg from 'pg';
import { createPool, transact, transactRecords, type Statement } from './index.js';

let postgres: TestPostgres;
let pool: pg.Pool;

beforeAll(async () => {
  postgres = await testPostgres();
  const { url } = await postgres.database();
  // One connection: what a failure leaves on it is what the next transaction finds.
  pool = createPool({ url, applicationName: 'test', max: 1 });
});
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});
beforeEach(() =>
  pool.query(`
    DROP TABLE IF EXISTS notes;
    CREATE TABLE notes (id bigint PRIMARY KEY, text text, UNIQUE (text) DEFERRABLE INITIALLY DEFERRED)`),
);

const add = (id: number, text: string | null = null): Statement => ({
  name: 'add',
  text: 'INSERT INTO notes VALUES ($1, $2) RETURNING id, pg_current_xact_id(), now()',
  values: [id, text],
});
const all: Statement = { name: 'all', text: 'SELECT id, text FROM notes ORDER BY id', values: [] };
const quiet: Statement = { name: 'quiet', text: 'UPDATE notes SET text = text', values: [] };
const stored = async () => (await transact(pool, [all]))[0];

describe('transact', () => {
  it('is one database transaction, whose statements see each other, with an answer for each', async () => {
    const [first, second, none, both] = await transact(pool, [add(1, 'a'), add(2), quiet, all]);
    expect(first?.[0]?.[0]).toBe(1n);
    expect(second?.[0]?.slice(1)).toEqual(first?.[0]?.slice(1));
    expect(none).toEqual([]);
    expect(both).toEqual([
      [1n, 'a'],
      [2n, null],
    ]);
    // The second time every statement is known to the connection already.
    await transact(pool, [add(3), quiet]);
    expect(await stored()).toHaveLength(3);
  });

  it('answers with objects, also of statements without a name, whose text may change', async () => {
    await transact(pool, [add(1, 'a')]);
    const unnamed = (text: string) => ({ name: '', text, values: [] });
    for (let round = 0; round < 2; round += 1) {
      const answers = await transactRecords(pool, [
        unnamed('SELECT text, id FROM notes'),
        unnamed(`SELECT 'b' AS other WHERE false`),
        all,
        unnamed('UPDATE notes SET text = text'),
        unnamed('SELECT true AS last'),
      ]);
      const row = { id: 1n, text: 'a' };
      expect(answers).toEqual([[row], [], [row], [], [{ last: true }]]);
    }
  });

  it.each<[string, Statement, string]>([
    ['a statement', add(1), '23505'],
    ['a statement that cannot be parsed', { name: 'bad', text: 'SELEC', values: [] }, '42601'],
    ['the commit', add(4, 'a'), '23505'],
  ])(
    'leaves nothing when %s fails, and the connection is as good as before',
    async (_, bad, code) => {
      await transact(pool, [add(1, 'a')]);
      for (let round = 0; round < 2; round += 1) {
        await expect(transact(pool, [add(2), bad, add(3)])).rejects.toMatchObject({ code });
        expect(await stored()).toEqual([[1n, 'a']]);
        expect(pool.totalCount).toBe(1);
      }
      await transact(pool, [add(2), add(3)]);
      expect(await stored()).toHaveLength(3);
    },
  );

  it('says so when a value cannot be sent, and nothing happens', async () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const bad = { ...add(2), values: [2, circle] };
    await expect(transact(pool, [add(1), bad])).rejects.toThrow('circular');
    expect(await stored()).toEqual([]);
  });

  it('throws away a connection that was lost', async () => {
    const end = { name: 'end', text: 'SELECT pg_terminate_backend(pg_backend_pid())', values: [] };
    await expect(transact(pool, [add(1), end, add(2)])).rejects.toMatchObject({ code: '57P01' });
    expect(await stored()).toEqual([]);
  });

  it('keeps transactions that are sent at the same moment apart', async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, (_, id) => transact(pool, [add(id % 25), all])),
    );
    const done = answers.filter(({ status }) => status === 'fulfilled');
    expect(done).toHaveLength(25);
    expect(await stored()).toHaveLength(25);
  });
});
