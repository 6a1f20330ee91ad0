import { grant, hold, Ledger } from '@safelight/billing/bench';
import { createPool } from '@safelight/postgres';
import type pg from 'pg';

/** One way of moving one micro-credit from what a customer may spend to what is set aside. */
export interface TransferWay {
  readonly name: string;
  /** @param id - permanent, new with each call */
  readonly transfer: (id: string, accountId: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

export interface Place {
  /** Of the database that the way has for itself. */
  readonly url: string;
  readonly connections: number;
  /** Each begins with more than it can spend. */
  readonly accountIds: readonly string[];
}

const PLENTY_MICROS = 10n ** 15n;

/** The ledger of the billing service, as it runs in one process. */
export async function throughTheLedger({ url, accountIds }: Place): Promise<TransferWay> {
  const pool = createPool({ url, applicationName: 'ledger', indexesOnly: true });
  const ledger = new Ledger({ pool });
  await Promise.all(accountIds.map((accountId) => ledger.execute(grant(accountId, PLENTY_MICROS))));
  return {
    name: 'Safelight’s ledger: group commit, checked by the database',
    transfer: (id, accountId) => ledger.execute(hold(id, accountId)),
    close: () => pool.end(),
  };
}

/**
 * The limit of whoever commits request by request: one row of the same kind, no balance, nothing
 * checked but its id.
 */
export async function plainInserts({ url, connections }: Place): Promise<TransferWay> {
  const pool = createPool({ url, applicationName: 'plain', max: connections });
  await pool.query(
    `create table plain_transfers (id text primary key, account_id text not null,
      amount_micros bigint not null, recorded_at timestamptz not null default now())`,
  );
  return {
    name: 'limit: one plain row, durable, per request',
    transfer: (id, accountId) =>
      pool.query({
        name: 'plain',
        text: 'insert into plain_transfers (id, account_id, amount_micros) values ($1, $2, $3)',
        values: [id, accountId, '1'],
      }),
    close: () => pool.end(),
  };
}

const naiveTables = `
create table naive_balances (account_id text primary key,
  available_micros bigint not null, held_micros bigint not null);
create table naive_postings (transfer_id text not null, leg text not null,
  account_id text not null, amount_micros bigint not null, balance_after_micros bigint not null,
  recorded_at timestamptz not null default now(), primary key (transfer_id, leg))`;

/**
 * The way most services begin with: lock the customer's row, look, write both postings and the new
 * balance, commit; one trip for each.
 */
export async function naiveRowLocks({ url, connections, accountIds }: Place): Promise<TransferWay> {
  const pool = createPool({ url, applicationName: 'naive', max: connections });
  await pool.query(naiveTables);
  await pool.query('insert into naive_balances select unnest($1::text[]), $2, 0', [
    accountIds,
    PLENTY_MICROS.toString(),
  ]);
  return {
    name: 'naive: a row lock and six trips per transfer',
    transfer: (id, accountId) => naiveTransfer(pool, id, accountId),
    close: () => pool.end(),
  };
}

async function naiveTransfer(pool: pg.Pool, id: string, accountId: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query<{ available_micros: bigint; held_micros: bigint }>({
      name: 'naive_lock',
      text: `select available_micros, held_micros from naive_balances
        where account_id = $1 for update`,
      values: [accountId],
    });
    const before = rows[0];
    if (!before || before.available_micros < 1n) throw new Error('credits.insufficient');
    const after = { available: before.available_micros - 1n, held: before.held_micros + 1n };
    await insertPosting(client, [id, 'available', accountId, '-1', after.available.toString()]);
    await insertPosting(client, [id, 'held', accountId, '1', after.held.toString()]);
    await client.query({
      name: 'naive_update',
      text: `update naive_balances set available_micros = $2, held_micros = $3
        where account_id = $1`,
      values: [accountId, after.available.toString(), after.held.toString()],
    });
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

const insertPosting = (client: pg.PoolClient, values: readonly string[]) =>
  client.query({
    name: 'naive_posting',
    text: `insert into naive_postings
      (transfer_id, leg, account_id, amount_micros, balance_after_micros)
      values ($1, $2, $3, $4, $5)`,
    values: [...values],
  });
