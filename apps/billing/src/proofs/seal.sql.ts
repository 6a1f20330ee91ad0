import type pg from 'pg';
import type { NodePlace, TreeNode } from './tree.js';
import { nodesOf } from './tree.js';
import type { BlockFacts } from './head.js';

/** One process at a time seals or signs. Any two numbers that nothing else here locks. */
export const takeTurn = 'select pg_advisory_xact_lock(1113680716, 2)';

export interface ChainEnd {
  readonly height: number;
  readonly treeSize: number;
  readonly rootHash: Buffer;
  readonly blockHash: Buffer;
  readonly horizon: bigint;
}

/** @returns `undefined` before the first block */
export async function readChainEnd(db: pg.Pool | pg.PoolClient): Promise<ChainEnd | undefined> {
  const { rows } = await db.query<ChainEnd & { height: bigint; treeSize: bigint }>(
    `select height, tree_size as "treeSize", root_hash as "rootHash",
       block_hash as "blockHash", horizon
     from billing.ledger_blocks order by height desc limit 1`,
  );
  const [end] = rows;
  return end && { ...end, height: Number(end.height), treeSize: Number(end.treeSize) };
}

/** What could be sealed at this moment. */
export interface Sealable {
  /** Every database transaction below this number has ended. */
  readonly safe: bigint;
  /** The number of the first unsealed transaction's database transaction; `null` for none. */
  readonly first: bigint | null;
  /** That of the unsealed one after the first \`most\`. */
  readonly beyond: bigint | null;
  readonly now: Date;
}

/** @param from the horizon of the last block */
export async function readSealable(
  client: pg.PoolClient,
  from: bigint,
  most: number,
): Promise<Sealable> {
  const { rows } = await client.query<Sealable>(
    `select pg_snapshot_xmin(pg_current_snapshot()) as safe,
       (select written_by from billing.transactions
         where written_by >= $1::xid8 order by written_by limit 1) as first,
       (select written_by from billing.transactions
         where written_by >= $1::xid8 order by written_by offset $2 limit 1) as beyond,
       date_trunc('milliseconds', clock_timestamp()) as now`,
    [from.toString(), most],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the ledger could not be read');
  return row;
}

/**
 * Makes leaves of all transactions whose database transaction's number is in a range.
 * @param place position of the first
 * @returns the hashes, in order
 */
export async function insertLeaves(
  client: pg.PoolClient,
  range: { readonly from: bigint; readonly to: bigint; readonly place: number },
): Promise<Buffer[]> {
  const { rows } = await client.query<{ hash: Buffer }>(
    `with added as (
       insert into billing.ledger_leaves (position, transaction_id, salt, hash)
       select $3 + row_number() over (order by written_by, account_id, sequence) - 1,
         id, salt, billing.leaf_hash(t, salt)
       from (select t, t.id, t.written_by, t.account_id, t.sequence, gen_random_uuid() as salt
         from billing.transactions t
         where t.written_by >= $1::xid8 and t.written_by < $2::xid8) row
       returning position, hash)
     select hash from added order by position`,
    [range.from.toString(), range.to.toString(), range.place],
  );
  return rows.map(({ hash }) => hash);
}

export async function insertNodes(client: pg.PoolClient, nodes: readonly TreeNode[]) {
  if (nodes.length === 0) return;
  await client.query(
    `insert into billing.ledger_nodes (level, index, hash)
     select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])`,
    [
      nodes.map(({ level }) => level),
      nodes.map(({ index }) => index),
      nodes.map(({ hash }) => hash),
    ],
  );
}

export async function insertBlock(
  client: pg.PoolClient,
  block: BlockFacts & { readonly blockHash: Buffer },
): Promise<void> {
  await client.query(
    `insert into billing.ledger_blocks
       (height, tree_size, root_hash, previous_hash, block_hash, horizon, sealed_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      ...[block.height, block.treeSize, block.rootHash, block.previousHash, block.blockHash],
      ...[block.horizon.toString(), block.sealedAt],
    ],
  );
}

/**
 * The hashes of stored nodes, one read whatever their number.
 * @throws Error when one is not stored
 */
export async function readNodes(
  db: pg.Pool | pg.PoolClient,
  places: readonly NodePlace[],
): Promise<TreeNode[]> {
  if (places.length === 0) return [];
  const { rows } = await db.query<{ hash: Buffer | null }>(
    `select case when level = 0
       then (select hash from billing.ledger_leaves where position = index)
       else (select n.hash from billing.ledger_nodes n
         where n.level = wanted.level and n.index = wanted.index) end as hash
     from unnest($1::smallint[], $2::bigint[]) with ordinality wanted (level, index, place)
     order by place`,
    [places.map(({ level }) => level), places.map(({ index }) => index)],
  );
  return places.map((place, i) => {
    const hash = rows[i]?.hash;
    if (!hash) throw new Error(`node ${place.index} of level ${place.level} is not stored`);
    return { ...place, hash };
  });
}

/** The right edge of the tree of this size. */
export const readEdge = (db: pg.PoolClient, treeSize: number): Promise<TreeNode[]> =>
  readNodes(db, nodesOf({ from: 0, to: treeSize }));
