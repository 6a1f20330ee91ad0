import { countIn, digestIn, leafHash } from './hashes.js';
import { isEmptyRoot, rootFromPath, rootsFromConsistency } from './merkle.js';
import { ProofRefused } from '../refused.js';
import type { SignedHead } from './signed-head.js';

export const ENTRY_FORMAT = 'safelight-ledger-entry-1';

/** That an entry of the ledger stands in the tree of a head, as `…/ledger/inclusion` answers it. */
export interface InclusionProof {
  /** The entry exactly as it is stored, JSON: what the tree holds is the hash of its UTF-8 bytes. */
  readonly leaf: string;
  readonly leaf_index: number;
  readonly tree_size: number;
  /** Digests in hex, from the leaf's neighbour up. */
  readonly path: readonly string[];
}

/** That a tree continues an earlier one, as `…/ledger/consistency` answers it. */
export interface ConsistencyProof {
  readonly from: number;
  readonly to: number;
  /** Digests in hex. */
  readonly path: readonly string[];
}

/** An entry as it is stored: amounts are decimal strings of micro-credits. */
export type StoredEntry = Readonly<Record<string, string>> & {
  readonly format: typeof ENTRY_FORMAT;
  readonly id: string;
  readonly kind: string;
  readonly account_id: string;
  readonly sequence: string;
  readonly recorded_at: string;
};

/**
 * Verifies that the entry stands in the tree of this head, at its place. That the head is genuine is
 * for `verifySignedHead`.
 *
 * @returns what the entry says
 * @throws ProofRefused `malformed`, `other_tree` or `not_included`
 */
export function verifyInclusion(proof: InclusionProof, head: SignedHead): StoredEntry {
  const size = countIn(proof.tree_size, 'tree_size');
  const index = countIn(proof.leaf_index, 'leaf_index');
  if (size !== head.tree_size) {
    throw new ProofRefused(
      'other_tree',
      `this proof is for ${size}, not ${head.tree_size} entries`,
    );
  }
  const leaf = leafHash(Buffer.from(textIn(proof.leaf)));
  const root = rootFromPath(leaf, index, size, digestsIn(proof.path));
  if (root !== undefined && digestIn(head.root_hash, 'root_hash').equals(root)) {
    return entryIn(proof.leaf);
  }
  throw new ProofRefused(
    'not_included',
    `the entry does not stand at ${index} in the signed tree of ${size} entries`,
  );
}

/**
 * Verifies that the tree of the newer head begins with exactly the entries of the older one: none of
 * them was changed, removed or moved. That the heads are genuine is for `verifySignedHead`.
 *
 * @throws ProofRefused `malformed`, `other_tree` or `not_consistent`
 */
export function verifyConsistency(
  proof: ConsistencyProof,
  older: SignedHead,
  newer: SignedHead,
): void {
  const [from, to] = [countIn(proof.from, 'from'), countIn(proof.to, 'to')];
  if (from !== older.tree_size || to !== newer.tree_size) {
    throw new ProofRefused(
      'other_tree',
      `this proof leads from ${from} to ${to}, not from ${older.tree_size} to ${newer.tree_size} entries`,
    );
  }
  const [olderRoot, newerRoot] = [older, newer].map(({ root_hash }) =>
    digestIn(root_hash, 'root_hash'),
  ) as [Buffer, Buffer];
  const path = digestsIn(proof.path);
  if (from === 0 && isEmptyRoot(olderRoot) && path.length === 0) return;
  const roots = rootsFromConsistency(olderRoot, from, to, path);
  if (roots !== undefined && olderRoot.equals(roots.older) && newerRoot.equals(roots.newer)) return;
  throw new ProofRefused(
    'not_consistent',
    `the tree of ${to} entries does not begin with the ${from} of the older head`,
  );
}

const digestsIn = (path: unknown): Buffer[] => {
  if (!Array.isArray(path)) throw new ProofRefused('malformed', 'path is not a list');
  return path.map((hex: unknown, i) => digestIn(hex, `path[${i}]`));
};

function textIn(leaf: unknown): string {
  if (typeof leaf === 'string') return leaf;
  throw new ProofRefused('malformed', 'leaf is not a string');
}

function entryIn(leaf: string): StoredEntry {
  const entry = JSON.parse(leaf) as StoredEntry;
  if ((entry.format as string) === ENTRY_FORMAT) return entry;
  throw new ProofRefused('malformed', `the leaf is no ${ENTRY_FORMAT}`);
}
