import { inTransaction } from '@safelight/postgres';
import type pg from 'pg';
import { blockHash } from './head.js';
import {
  insertBlock,
  insertLeaves,
  insertNodes,
  readChainEnd,
  readEdge,
  readSealable,
  takeTurn,
  type ChainEnd,
  type Sealable,
} from './seal.sql.js';
import { GrowingTree, noHash } from './tree.js';

/** Transactions of a block: what is sealed in one database transaction, well below a second. */
const MOST_IN_BLOCK = 10_000;

/** The database's transaction numbers lie before those of the blocks: it is another cluster. */
export class RestoredIntoYoungerCluster extends Error {
  constructor() {
    super(
      'The ledger was restored into a database cluster whose transaction numbers lie before the ' +
        'ledger’s own: restore a physical backup instead, or the order of its entries is lost.',
    );
    this.name = 'RestoredIntoYoungerCluster';
  }
}

/**
 * Closes blocks over what the ledger has taken in. Any number of processes may do so: they take
 * turns, and a block's height and its leaves' places exist once.
 */
export class Sealer {
  constructor(
    private readonly pool: pg.Pool,
    private readonly mostInBlock = MOST_IN_BLOCK,
  ) {}

  /**
   * Seals everything whose database transaction, and every one before it, has ended.
   *
   * @returns the number below which all is sealed; rows of later database transactions may be left
   * @throws RestoredIntoYoungerCluster
   */
  async run(): Promise<bigint> {
    for (;;) {
      const { sealedBelow, more } = await inTransaction(this.pool, async (client) => {
        await client.query(takeTurn);
        return this.sealOne(client);
      });
      if (!more) return sealedBelow;
    }
  }

  private async sealOne(client: pg.PoolClient): Promise<{ sealedBelow: bigint; more: boolean }> {
    const end = await readChainEnd(client);
    const from = end?.horizon ?? 0n;
    const sealable = await readSealable(client, from, this.mostInBlock);
    const { safe, first } = sealable;
    if (safe < from) throw new RestoredIntoYoungerCluster();
    if (first === null || first >= safe) return { sealedBelow: safe, more: false };
    const horizon = horizonOf(sealable, first);
    await addBlock(client, end, { from, to: horizon, now: sealable.now });
    return { sealedBelow: horizon, more: horizon < safe };
  }
}

/** Where a block ends: it holds about as many as it may, and whole database transactions only. */
function horizonOf({ safe, beyond }: Sealable, first: bigint): bigint {
  if (beyond === null || beyond >= safe) return safe;
  return beyond > first ? beyond : first + 1n;
}

async function addBlock(
  client: pg.PoolClient,
  end: ChainEnd | undefined,
  { from, to, now }: { from: bigint; to: bigint; now: Date },
): Promise<void> {
  const place = end?.treeSize ?? 0;
  const tree = new GrowingTree(place, await readEdge(client, place));
  const hashes = await insertLeaves(client, { from, to, place });
  const completed = hashes.flatMap((hash) => tree.add(hash));
  await insertNodes(client, completed);
  const block = {
    height: (end?.height ?? 0) + 1,
    treeSize: tree.size,
    rootHash: tree.root(),
    previousHash: end?.blockHash ?? noHash(),
    horizon: to,
    sealedAt: now,
  };
  await insertBlock(client, { ...block, blockHash: blockHash(block) });
}
