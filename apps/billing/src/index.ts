export { billingService } from './service.js';
export { createLedgerKey } from './proofs/ledger-key.js';
export { sentenceOf, type Difference } from './proofs/verify/difference.js';
export { verifyLedger, type Verdict, type VerifyOptions } from './proofs/verify/verify-ledger.js';
