import type pg from 'pg';
import type { HeadFacts } from './head.js';

/** A head as it was signed, and its place among all heads. */
export interface StoredHead extends HeadFacts {
  /** From 1. */
  readonly number: number;
  /** Ed25519. */
  readonly signature: Buffer;
}

const columns = `number, tree_size as "treeSize", root_hash as "rootHash",
  block_height as "blockHeight", block_hash as "blockHash", signed_at as "signedAt",
  key_id as "keyId", signature`;

type Row = Omit<StoredHead, 'number' | 'treeSize' | 'blockHeight'> & {
  readonly number: bigint;
  readonly treeSize: bigint;
  readonly blockHeight: bigint;
};

const headOf = (row: Row): StoredHead => ({
  ...row,
  number: Number(row.number),
  treeSize: Number(row.treeSize),
  blockHeight: Number(row.blockHeight),
});

type Database = pg.Pool | pg.PoolClient;

/** The newest first. @param below number of the last one seen */
export async function readHeads(db: Database, below: number | null, most: number) {
  const { rows } = await db.query<Row>(
    `select ${columns} from billing.ledger_heads
     where number < $1 order by number desc limit $2`,
    [below ?? Number.MAX_SAFE_INTEGER, most],
  );
  return rows.map(headOf);
}

/** From the oldest on. @param above number of the last one seen */
export async function readHeadsAfter(db: Database, above: number, most: number) {
  const { rows } = await db.query<Row>(
    `select ${columns} from billing.ledger_heads
     where number > $1 order by number limit $2`,
    [above, most],
  );
  return rows.map(headOf);
}

/** The newest head over exactly so many entries. */
export async function readHeadOfSize(db: Database, size: number): Promise<StoredHead | undefined> {
  const { rows } = await db.query<Row>(
    `select ${columns} from billing.ledger_heads
     where tree_size = $1 order by number desc limit 1`,
    [size],
  );
  return rows.map(headOf)[0];
}

export async function insertHead(client: pg.PoolClient, head: StoredHead): Promise<void> {
  await client.query(
    `insert into billing.ledger_heads (number, tree_size, root_hash, block_height, block_hash,
       signed_at, key_id, signature)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[head.number, head.treeSize, head.rootHash, head.blockHeight, head.blockHash],
      ...[head.signedAt, head.keyId, head.signature],
    ],
  );
}

export interface StoredKey {
  readonly keyId: string;
  /** Ed25519 SPKI, DER. */
  readonly publicKey: Buffer;
}

/** Every key that heads were ever signed with, the first one first. */
export async function readKeys(db: Database): Promise<StoredKey[]> {
  const { rows } = await db.query<StoredKey>(
    `select key_id as "keyId", public_key as "publicKey"
     from billing.ledger_keys order by first_used_at, key_id`,
  );
  return rows;
}

export async function insertKey(db: Database, { keyId, publicKey }: StoredKey): Promise<void> {
  await db.query(
    `insert into billing.ledger_keys (key_id, public_key) values ($1, $2) on conflict do nothing`,
    [keyId, publicKey],
  );
}
