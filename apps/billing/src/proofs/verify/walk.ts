import type pg from 'pg';
import { blockHash } from '../head.js';
import { GrowingTree, leafHash, noHash, type TreeNode } from '../tree.js';
import type { Difference, NamedEntry } from './difference.js';
import { findNodes, readSealed, type SealedRow, type StoredBlock } from './history.sql.js';

const PAGE = 2_000;

/** Where in the order of all entries the last one stood. */
interface Place {
  readonly writtenBy: bigint;
  readonly accountId: string;
  readonly sequence: bigint;
}

/** What one walk remembers: as much for a ledger of ten entries as for one of a billion. */
interface Walk {
  readonly tree: GrowingTree;
  block: Pick<StoredBlock, 'height' | 'treeSize' | 'blockHash' | 'horizon'>;
  last: Place | undefined;
}

/** Recomputes block after block from the stored rows, and tells whatever is not as it was sealed. */
export class HistoryWalk {
  private readonly walk: Walk = {
    tree: new GrowingTree(),
    block: { height: 0, treeSize: 0, blockHash: noHash(), horizon: 0n },
    last: undefined,
  };

  constructor(private readonly db: pg.Pool) {}

  get entries(): number {
    return this.walk.tree.size;
  }
  /** Every transaction below it has been looked at. */
  get horizon(): bigint {
    return this.walk.block.horizon;
  }

  /**
   * Goes over one block, the next.
   * @returns what differs; `lost` when nothing after it can be told any more
   */
  async block(block: StoredBlock): Promise<{ differences: Difference[]; lost: boolean }> {
    const differences = this.inChain(block);
    const { walk } = this;
    const from = walk.block.treeSize;
    for (let at = from; at < block.treeSize; at += PAGE) {
      const to = Math.min(at + PAGE, block.treeSize);
      const rows = await readSealed(this.db, at, to);
      const found = await this.page(rows, block, at, to);
      differences.push(...found);
      if (walk.tree.size < to) return { differences, lost: true };
    }
    const rooted = walk.tree.root().equals(block.rootHash);
    if (!rooted) {
      const range = `entries at positions ${from} to ${block.treeSize - 1}`;
      const what = `its root is not that of the ${range}, which were changed with their hashes`;
      differences.push({ what, block: block.height, entry: null });
    }
    walk.block = block;
    return { differences, lost: !rooted };
  }

  private inChain(block: StoredBlock): Difference[] {
    const { block: before } = this.walk;
    const faults = [
      block.height === before.height + 1
        ? undefined
        : `the block before it, ${block.height - 1}, is gone`,
      block.previousHash.equals(before.blockHash)
        ? undefined
        : 'it does not name the hash of the block before it',
      blockHash(block).equals(block.blockHash) ? undefined : 'its hash is not that of what it says',
      block.treeSize > before.treeSize && block.horizon > before.horizon
        ? undefined
        : 'it does not lie after the block before it',
    ];
    return faults.flatMap((what) =>
      what === undefined ? [] : [{ what, block: block.height, entry: null }],
    );
  }

  /** Stops the walk by adding nothing more once a leaf is missing: all later places are unknown. */
  private async page(
    rows: readonly SealedRow[],
    block: StoredBlock,
    from: number,
    to: number,
  ): Promise<Difference[]> {
    const differences: Difference[] = [];
    const nodes: TreeNode[] = [];
    for (let at = from; at < to; at += 1) {
      const row = rows[at - from];
      if (row === undefined || Number(row.position) !== at) {
        const what = `the leaf at position ${at} is gone`;
        return [...differences, { what, block: block.height, entry: null }];
      }
      const what = this.faultOf(row, block);
      if (what !== undefined) differences.push({ what, block: block.height, entry: named(row) });
      // The stored hash goes on into the tree: so one changed entry does not blame those after it.
      nodes.push(...this.walk.tree.add(row.hash));
    }
    return [...differences, ...(await this.inNodes(nodes, rows, block, from))];
  }

  private faultOf(row: SealedRow, block: StoredBlock): string | undefined {
    const { leaf, writtenBy, accountId, sequence } = row;
    if (leaf === null || writtenBy === null || accountId === null || sequence === null) {
      return 'it was deleted after it was sealed';
    }
    const { last } = this.walk;
    const place = { writtenBy, accountId, sequence };
    this.walk.last = place;
    if (!leafHash(leaf).equals(row.hash)) return 'it was changed after it was sealed';
    if (writtenBy >= block.horizon || writtenBy < this.walk.block.horizon) {
      return 'it does not belong into this block';
    }
    return last !== undefined && !isBefore(last, place)
      ? 'it does not stand in its place in the order of entries'
      : undefined;
  }

  /** The lowest stored node that its children do not give tells where hashes were exchanged. */
  private async inNodes(
    nodes: readonly TreeNode[],
    rows: readonly SealedRow[],
    block: StoredBlock,
    from: number,
  ): Promise<Difference[]> {
    if (nodes.length === 0) return [];
    const stored = await findNodes(this.db, nodes);
    const wrong = nodes.find(({ hash }, i) => stored[i]?.equals(hash) !== true);
    if (wrong === undefined) return [];
    const [first, last] = [wrong.index, wrong.index + 1].map((index) => index * 2 ** wrong.level);
    const row = rows[Math.max(first ?? 0, from) - from];
    const what = `the hash over positions ${first} to ${(last ?? 0) - 1} is not theirs: one of them was changed with its hash, or the node was`;
    return [{ what, block: block.height, entry: row === undefined ? null : named(row) }];
  }
}

const named = ({ transactionId, accountId, sequence, position }: SealedRow): NamedEntry => ({
  id: transactionId,
  accountId,
  sequence: sequence === null ? null : Number(sequence),
  position: Number(position),
});

function isBefore(a: Place, b: Place): boolean {
  if (a.writtenBy !== b.writtenBy) return a.writtenBy < b.writtenBy;
  return a.accountId === b.accountId ? a.sequence < b.sequence : a.accountId < b.accountId;
}
