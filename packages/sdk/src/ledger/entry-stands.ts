import type { PublishedKey } from '../published-key.js';
import {
  verifyConsistency,
  verifyInclusion,
  type ConsistencyProof,
  type InclusionProof,
  type StoredEntry,
} from './proofs.js';
import { ProofRefused } from '../refused.js';
import { verifySignedHead, type SignedHead } from './signed-head.js';

/** What a customer saved, and was told later. */
export interface Evidence {
  /** As they were published when the older head was saved. */
  readonly keys: readonly PublishedKey[];
  readonly older: SignedHead;
  readonly newer: SignedHead;
  readonly consistency: ConsistencyProof;
  /** In the tree of the older head: saved with it. */
  readonly inclusion: InclusionProof;
  /** The same entry in the tree of the newer head, when it was asked for again. */
  readonly again?: InclusionProof;
}

/**
 * Proves offline that an old entry still stands as it was, and that nothing before the older head
 * was changed since: both heads are signed, the entry is in the older tree, and the newer tree
 * begins with all of it.
 *
 * @returns what the entry says
 * @throws ProofRefused naming what does not hold
 */
export function verifyEntryStands(evidence: Evidence): StoredEntry {
  const { keys, older, newer, consistency, inclusion, again } = evidence;
  verifySignedHead(older, keys);
  verifySignedHead(newer, keys);
  const entry = verifyInclusion(inclusion, older);
  verifyConsistency(consistency, older, newer);
  if (again !== undefined) {
    verifyInclusion(again, newer);
    if (again.leaf !== inclusion.leaf || again.leaf_index !== inclusion.leaf_index) {
      throw new ProofRefused('other_entry', 'the two proofs are not of the same entry');
    }
  }
  return entry;
}
