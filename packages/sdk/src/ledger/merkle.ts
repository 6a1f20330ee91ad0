import { emptyRoot, nodeHash } from './hashes.js';

const half = (n: number): number => Math.floor(n / 2);
const isOdd = (n: number): boolean => n % 2 === 1;
/** By halving: a logarithm in floating point is wrong from 2^49 on. */
const isPowerOfTwo = (n: number): boolean => n === 1 || (n > 1 && !isOdd(n) && isPowerOfTwo(n / 2));

/**
 * The root that a leaf and the audit path from it amount to (RFC 9162, section 2.1.3.2).
 *
 * @param index of the leaf, from 0
 * @param size number of leaves of the tree
 * @returns `undefined` when a path of this length cannot lead from this leaf to the root
 */
export function rootFromPath(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Uint8Array | undefined {
  if (index >= size) return undefined;
  let [fn, sn, root] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (sn === 0) return undefined;
    if (isOdd(fn) || fn === sn) {
      root = nodeHash(sibling, root);
      // The right edge: levels at which the node has no sibling are left out of the path.
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else root = nodeHash(root, sibling);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 ? root : undefined;
}

export interface Roots {
  readonly older: Uint8Array;
  readonly newer: Uint8Array;
}

/**
 * Both roots that a consistency proof amounts to (RFC 9162, section 2.1.4.2), given the older one:
 * a proof holds when they are the roots that were told.
 *
 * @param from leaves of the older tree
 * @param to leaves of the newer one
 * @returns `undefined` when no proof of this length can lead from the one to the other
 */
export function rootsFromConsistency(
  olderRoot: Uint8Array,
  from: number,
  to: number,
  path: readonly Uint8Array[],
): Roots | undefined {
  if (from > to) return undefined;
  if (from === to) return path.length === 0 ? { older: olderRoot, newer: olderRoot } : undefined;
  // Every tree continues the empty one: there is nothing to compute, see verifyConsistency.
  if (from === 0) return undefined;
  // A complete older tree is itself the first node, which the proof leaves out.
  const nodes = isPowerOfTwo(from) ? [olderRoot, ...path] : path;
  let [fn, sn] = [from - 1, to - 1];
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  const [first, ...rest] = nodes;
  if (first === undefined) return undefined;
  let [older, newer] = [first, first];
  for (const node of rest) {
    if (sn === 0) return undefined;
    if (isOdd(fn) || fn === sn) {
      [older, newer] = [nodeHash(node, older), nodeHash(node, newer)];
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else newer = nodeHash(newer, node);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 ? { older, newer } : undefined;
}

/** Whether this is the root of a tree without leaves. */
export const isEmptyRoot = (root: Uint8Array): boolean => emptyRoot().equals(root);
