import { DomainError } from '@safelight/event-sourcing';
import type pg from 'pg';
import { readHeadOfSize, readHeads, type StoredHead } from './heads.sql.js';
import { readChainEnd, readNodes } from './seal.sql.js';
import { consistencyRanges, hashOf, nodesOf, pathRanges, type LeafRange } from './tree.js';

/** That an entry stands in the tree of a head. */
export interface Inclusion {
  /** The entry's stored bytes, as `billing.leaf` writes them. */
  readonly leaf: string;
  readonly leafIndex: number;
  readonly path: readonly Buffer[];
  readonly head: StoredHead;
}

interface LeafRow {
  readonly position: bigint | null;
  readonly leaf: Buffer | null;
}

/**
 * That the entry in this place of the account stands in the tree of `treeSize` entries, of the newest
 * head by default. Reads a number of rows that grows with the logarithm of the ledger.
 *
 * @throws DomainError `entry.not_found`, `entry.not_sealed`, `head.unknown` or `head.before_entry`
 */
export async function proveInclusion(
  pool: pg.Pool,
  accountId: string,
  sequence: number,
  treeSize: number | null,
): Promise<Inclusion> {
  const row = await readLeaf(pool, accountId, sequence);
  if (row === undefined) throw new DomainError('entry.not_found');
  const head = await headFor(pool, treeSize);
  if (row.position === null || row.leaf === null) throw new DomainError('entry.not_sealed');
  const leafIndex = Number(row.position);
  if (leafIndex >= head.treeSize) {
    // Without a wish the newest head is simply not new enough yet.
    throw new DomainError(treeSize === null ? 'entry.not_sealed' : 'head.before_entry');
  }
  const path = await hashesOf(pool, pathRanges(leafIndex, head.treeSize));
  return { leaf: row.leaf.toString(), leafIndex, path, head };
}

/**
 * That the tree of `to` entries begins with the first `from`.
 * @throws DomainError `tree.smaller {treeSize}`
 */
export async function proveConsistency(pool: pg.Pool, from: number, to: number): Promise<Buffer[]> {
  const treeSize = (await readChainEnd(pool))?.treeSize ?? 0;
  if (to > treeSize) throw new DomainError('tree.smaller', { treeSize });
  return hashesOf(pool, consistencyRanges(from, to));
}

async function headFor(pool: pg.Pool, treeSize: number | null): Promise<StoredHead> {
  if (treeSize !== null) {
    const head = await readHeadOfSize(pool, treeSize);
    if (head === undefined) throw new DomainError('head.unknown');
    return head;
  }
  const [newest] = await readHeads(pool, null, 1);
  if (newest === undefined) throw new DomainError('entry.not_sealed');
  return newest;
}

async function readLeaf(
  pool: pg.Pool,
  accountId: string,
  sequence: number,
): Promise<LeafRow | undefined> {
  const { rows } = await pool.query<LeafRow>(
    `select l.position, billing.leaf(t, l.salt) as leaf
     from (select * from billing.transactions
       where account_id = $1 and sequence = $2 limit 1) t
     left join billing.ledger_leaves l on l.transaction_id = t.id`,
    [accountId, sequence],
  );
  return rows[0];
}

/** One read for all, however many complete nodes the ranges consist of. */
async function hashesOf(pool: pg.Pool, ranges: readonly LeafRange[]): Promise<Buffer[]> {
  const nodes = await readNodes(pool, ranges.flatMap(nodesOf));
  const known = new Map(nodes.map(({ level, index, hash }) => [`${level}/${index}`, hash]));
  return ranges.map((range) =>
    hashOf(range, ({ level, index }) => {
      const hash = known.get(`${level}/${index}`);
      if (hash === undefined) throw new Error(`node ${index} of level ${level} was not read`);
      return hash;
    }),
  );
}
