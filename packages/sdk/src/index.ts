export { ProofRefused, type ProofFault } from './refused.js';
export type { PublishedKey } from './published-key.js';
export { leafHash, nodeHash } from './ledger/hashes.js';
export {
  HEAD_FORMAT,
  signedPartOf,
  verifySignedHead,
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
export {
  RECEIPT_FORMAT,
  receiptDigest,
  verifyReceipt,
  verifyReceiptLink,
  verifyReceipts,
  type ReceiptLink,
  type SignedReceipt,
} from './receipts/receipt.js';
