import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testPostgres, type TestPostgres } from '@safelight/testing';
import type pg from 'pg';
import {
  createPool,
  inTransaction,
  isUnreachable,
  kyselyOn,
  transact,
  waitWithoutLimit,
} from './index.js';

const ANSWER_WITHIN_MS = 1_000;

/** Stands between a pool and PostgreSQL, as a network that may stop carrying without a word. */
class Network {
  private readonly carrying = new Set<Socket>();
  private readonly server = createServer((near) => this.carry(near));

  constructor(private readonly port: number) {}

  async open(): Promise<number> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on nothing passes through the connections that are open, and none of them ends. */
  loseEverything(): void {
    for (const socket of this.carrying)
      socket.removeAllListeners('data').on('data', () => undefined);
  }

  async close(): Promise<void> {
    for (const socket of this.carrying) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private carry(near: Socket): void {
    const far = connect(this.port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.carrying.add(from);
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
    }
  }
}

let postgres: TestPostgres;
let network: Network;
let pool: pg.Pool;

beforeAll(async () => {
  postgres = await testPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  const { url } = await postgres.database();
  network = new Network(postgres.server.port);
  const through = new URL(url);
  through.port = String(await network.open());
  through.search = '';
  const options = { applicationName: 'test', max: 1, answerWithinMs: ANSWER_WITHIN_MS };
  pool = createPool({ url: through.href, ...options });
  await pool.query('CREATE TABLE notes (id int PRIMARY KEY)');
});
afterEach(async () => {
  await pool.end();
  await network.close();
});

/** The ways in which our services use the pool. */
const writes: Readonly<Record<string, (id: number) => Promise<unknown>>> = {
  'a query': (id) => pool.query('INSERT INTO notes VALUES ($1)', [id]),
  'a database transaction': (id) =>
    inTransaction(pool, (client) => client.query('INSERT INTO notes VALUES ($1)', [id])),
  'a batch': (id) =>
    transact(pool, [{ name: 'insert', text: 'INSERT INTO notes VALUES ($1)', values: [id] }]),
  Kysely: (id) =>
    kyselyOn<{ notes: { id: number } }>(pool).insertInto('notes').values({ id }).execute(),
};
const ways = Object.keys(writes);

const backend = async () =>
  (await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid;
const noted = async () =>
  (await pool.query<{ id: number }>('SELECT id FROM notes ORDER BY id')).rows.map(({ id }) => id);
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a connection whose packets are lost', () => {
  it.each(ways)('fails within the limit and is replaced: %s', async (way) => {
    await writes[way]!(1);
    network.loseEverything();
    const failure = await failureOf(writes[way]!(2));
    expect(failure).toMatchObject({
      code: 'ETIMEDOUT',
      message: expect.stringContaining('owed an answer for 1 s'),
    });
    expect(isUnreachable(failure)).toBe(true);
    await writes[way]!(3);
    expect(await noted()).toEqual([1, 3]);
  });

  it('may be silent for as long as nobody asks it anything', async () => {
    const client = await pool.connect();
    const { connection } = client as unknown as { connection: { stream: Socket } };
    await once(connection.stream, 'timeout');
    await expect(client.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 });
    client.release();
  });

  it('waits for an answer without limit where it was told to', async () => {
    const client = await pool.connect();
    await waitWithoutLimit(client);
    const slow = `SELECT pg_sleep(${(ANSWER_WITHIN_MS * 2) / 1000})`;
    await expect(client.query(slow)).resolves.toMatchObject({ rowCount: 1 });
    client.release(true);
  });
});

describe('a connection whose server has become a standby', () => {
  it.each(ways)('is not given to anybody again: %s', async (way) => {
    const before = await backend();
    await pool.query('SET default_transaction_read_only = on');
    const failure = await failureOf(writes[way]!(1));
    expect(failure).toMatchObject({ code: '25006' });
    await writes[way]!(2);
    expect(await noted()).toEqual([2]);
    expect(await backend()).not.toBe(before);
  });
});
