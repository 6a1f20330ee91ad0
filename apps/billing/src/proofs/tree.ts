import { hash } from 'node:crypto';

/** SHA-256 of nothing: the root of an empty tree, and 32 zero bytes for "no block before". */
export const emptyRoot = (): Buffer => hash('sha256', '', 'buffer');
export const noHash = (): Buffer => Buffer.alloc(32);

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** RFC 6962, section 2.1. The database computes the same when it seals (`billing.leaf_hash`). */
export const leafHash = (bytes: Uint8Array): Buffer =>
  hash('sha256', Buffer.concat([LEAF, bytes]), 'buffer');
export const nodeHash = (left: Buffer, right: Buffer): Buffer =>
  hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');

/** A node over 2^level leaves, all there; the index counts those of its level. Level 0: leaves. */
export interface NodePlace {
  readonly level: number;
  readonly index: number;
}
export interface TreeNode extends NodePlace {
  readonly hash: Buffer;
}

/** Leaves from `from` on, up to but not including `to`. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** The largest power of two below n, for n > 1: where RFC 6962 splits a tree. */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** The largest power of two that is at most n. */
function fullWithin(n: number): { leaves: number; level: number } {
  let [leaves, level] = [1, 0];
  while (leaves * 2 <= n) [leaves, level] = [leaves * 2, level + 1];
  return { leaves, level };
}

/** The complete nodes that a subtree of RFC 6962 consists of, left to right: at most one a level. */
export function nodesOf({ from, to }: LeafRange): NodePlace[] {
  const places: NodePlace[] = [];
  for (let at = from; at < to;) {
    const { leaves, level } = fullWithin(to - at);
    places.push({ level, index: at / leaves });
    at += leaves;
  }
  return places;
}

/** What stands on the way from leaf `index` to the root of the tree of `size`: PATH(m, D[n]). */
export function pathRanges(index: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    const inLeft = index < middle;
    ranges.push(inLeft ? { from: middle, to } : { from, to: middle });
    [from, to] = inLeft ? [from, middle] : [middle, to];
  }
  return ranges.reverse();
}

/** What proves that the tree of `size` begins with the first `older` leaves: PROOF(m, D[n]). */
export function consistencyRanges(older: number, size: number): LeafRange[] {
  if (older === 0) return [];
  const ranges: LeafRange[] = [];
  let [from, to] = [0, size];
  while (older !== to) {
    const middle = from + splitOf(to - from);
    const inLeft = older <= middle;
    ranges.push(inLeft ? { from: middle, to } : { from, to: middle });
    [from, to] = inLeft ? [from, middle] : [middle, to];
  }
  // The older tree itself is known to whoever asks; a part of it is not.
  if (from > 0) ranges.push({ from, to });
  return ranges.reverse();
}

/** The hash of a subtree, from those of its complete nodes. */
export function hashOf(range: LeafRange, nodeAt: (place: NodePlace) => Buffer): Buffer {
  const hashes = nodesOf(range).map(nodeAt);
  const last = hashes.pop();
  return last === undefined
    ? emptyRoot()
    : hashes.reduceRight((right, left) => nodeHash(left, right), last);
}

/** A tree that grows at its right edge: all it keeps is one node a level. */
export class GrowingTree {
  private readonly edge: TreeNode[];

  /** @param edge the nodes of `nodesOf({ from: 0, to: size })`, in that order */
  constructor(
    public size = 0,
    edge: readonly TreeNode[] = [],
  ) {
    this.edge = [...edge];
  }

  /** @returns the nodes above the leaf that it completed, from the lowest up */
  add(leaf: Buffer): TreeNode[] {
    const completed: TreeNode[] = [];
    let node: TreeNode = { level: 0, index: this.size, hash: leaf };
    for (let left = this.edge.at(-1); left?.level === node.level; left = this.edge.at(-1)) {
      this.edge.pop();
      const hash = nodeHash(left.hash, node.hash);
      node = { level: node.level + 1, index: left.index / 2, hash };
      completed.push(node);
    }
    this.edge.push(node);
    this.size += 1;
    return completed;
  }

  root(): Buffer {
    return hashOf({ from: 0, to: this.size }, ({ level }) => this.at(level));
  }

  private at(level: number): Buffer {
    const node = this.edge.find((one) => one.level === level);
    if (node === undefined) throw new Error(`the tree of ${this.size} has no edge at ${level}`);
    return node.hash;
  }
}
