import type pg from 'pg';
import { leafBytes } from '../../migrations/1764100000000-proofs.js';
import type { NodePlace } from '../tree.js';

/** A leaf beside the transaction that it was made of, each as it is stored now. */
export interface SealedRow {
  readonly position: bigint;
  readonly transactionId: string;
  readonly hash: Buffer;
  /** `null` when there is no such transaction any more; so are the rest. */
  readonly leaf: Buffer | null;
  readonly accountId: string | null;
  readonly sequence: bigint | null;
  readonly writtenBy: bigint | null;
}

/** In the order of their positions. The leaf is made by our own text, not by the database's function. */
export async function readSealed(db: pg.Pool, from: number, to: number): Promise<SealedRow[]> {
  const { rows } = await db.query<SealedRow>(
    `select l.position, l.transaction_id as "transactionId", l.hash,
       case when t.id is not null then ${leafBytes('t', 'l.salt')} end as leaf,
       t.account_id as "accountId", t.sequence, t.written_by as "writtenBy"
     from billing.ledger_leaves l left join billing.transactions t on t.id = l.transaction_id
     where l.position >= $1 and l.position < $2 order by l.position`,
    [from, to],
  );
  return rows;
}

export interface StoredBlock {
  readonly height: number;
  readonly treeSize: number;
  readonly rootHash: Buffer;
  readonly previousHash: Buffer;
  readonly blockHash: Buffer;
  readonly horizon: bigint;
  readonly sealedAt: Date;
}

/** From the lowest on. @param above height of the last one seen */
export async function readBlocks(db: pg.Pool, above: number, most: number): Promise<StoredBlock[]> {
  const { rows } = await db.query<StoredBlock & { height: bigint; treeSize: bigint }>(
    `select height, tree_size as "treeSize", root_hash as "rootHash",
       previous_hash as "previousHash", block_hash as "blockHash", horizon,
       sealed_at as "sealedAt"
     from billing.ledger_blocks where height > $1 order by height limit $2`,
    [above, most],
  );
  return rows.map((row) => ({
    ...row,
    height: Number(row.height),
    treeSize: Number(row.treeSize),
  }));
}

/** The block with exactly so many leaves. */
export async function readBlockOfSize(
  db: pg.Pool,
  size: number,
): Promise<Pick<StoredBlock, 'height' | 'rootHash' | 'blockHash'> | undefined> {
  const { rows } = await db.query<{ height: bigint; rootHash: Buffer; blockHash: Buffer }>(
    `select height, root_hash as "rootHash", block_hash as "blockHash"
     from billing.ledger_blocks where tree_size = $1`,
    [size],
  );
  return rows.map((row) => ({ ...row, height: Number(row.height) }))[0];
}

/** Hashes of nodes above the leaves, `undefined` where none is stored. */
export async function findNodes(
  db: pg.Pool,
  places: readonly NodePlace[],
): Promise<(Buffer | undefined)[]> {
  const { rows } = await db.query<{ hash: Buffer | null }>(
    `select n.hash from unnest($1::smallint[], $2::bigint[]) with ordinality w (level, index, place)
     left join billing.ledger_nodes n on n.level = w.level and n.index = w.index order by w.place`,
    [places.map(({ level }) => level), places.map(({ index }) => index)],
  );
  return rows.map(({ hash }) => hash ?? undefined);
}

export interface StrayRow {
  readonly id: string;
  readonly accountId: string | null;
  readonly sequence: bigint | null;
  /** Its place in the tree, where it has one. */
  readonly position: bigint | null;
  /** The block that it should belong to, where there is one. */
  readonly height: bigint | null;
}

/** Rows below the horizon that no leaf was made of: they were not there when it was sealed. */
const insertedText = `
  select t.id, t.account_id as "accountId", t.sequence, null::bigint as position,
    (select min(height) from billing.ledger_blocks b where b.horizon > t.written_by) as height
  from billing.transactions t
  where t.written_by < $1::xid8 and not exists (
    select from billing.ledger_leaves l where l.transaction_id = t.id)
  order by t.written_by, t.account_id, t.sequence limit $2`;

/** Leaves beyond the last block, whichever that is by now. */
const looseText = `
  select l.transaction_id as id, t.account_id as "accountId", t.sequence, l.position,
    null::bigint as height
  from billing.ledger_leaves l left join billing.transactions t on t.id = l.transaction_id
  where l.position >= $1
    and l.position >= (select coalesce(max(tree_size), 0) from billing.ledger_blocks)
  order by l.position limit $2`;

/** Rows not sealed yet that do not continue their account, or do not sum to zero. */
const unsoundText = `
  select t.id, t.account_id as "accountId", t.sequence, null::bigint as position,
    null::bigint as height
  from billing.transactions t left join billing.transactions b
    on b.account_id = t.account_id and b.sequence = t.sequence - 1
  where t.written_by >= $1::xid8 and (t.sequence <> coalesce(b.sequence, 0) + 1
    or t.available_after_micros <> coalesce(b.available_after_micros, 0) + t.available_micros
    or t.held_after_micros <> coalesce(b.held_after_micros, 0) + t.held_micros
    or t.available_micros + t.held_micros + t.promotions_micros + t.payments_micros
      + t.revenue_micros + t.refunds_micros + t.adjustments_micros + t.losses_micros <> 0
    or t.paid_after_micros <> coalesce(b.paid_after_micros, 0) + t.paid_micros)
  order by t.written_by, t.account_id, t.sequence limit $2`;

const strays = (text: string) => async (db: pg.Pool, bound: bigint | number, most: number) =>
  (await db.query<StrayRow>(text, [bound.toString(), most])).rows;
export const readInserted = strays(insertedText);
export const readLoose = strays(looseText);
export const readUnsound = strays(unsoundText);

/** How many transactions wait to be sealed. */
export async function countUnsealed(db: pg.Pool, horizon: bigint): Promise<number> {
  const { rows } = await db.query<{ count: bigint }>(
    'select count(*) from billing.transactions where written_by >= $1::xid8',
    [horizon.toString()],
  );
  return Number(rows[0]?.count ?? 0n);
}
