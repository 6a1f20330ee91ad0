export { ProofRefused, type ProofFault } from './ledger/refused.js';
export { leafHash, nodeHash } from './ledger/hashes.js';
export {
  HEAD_FORMAT,
  signedPartOf,
  verifySignedHead,
  type PublishedKey,
  type SignedHead,
} from './ledger/signed-head.js';
export {
  ENTRY_FORMAT,
  verifyConsistency,
  verifyInclusion,
  type ConsistencyProof,
  type InclusionProof,
  type StoredEntry,
} from './ledger/proofs.js';
export { verifyEntryStands, type Evidence } from './ledger/entry-stands.js';
