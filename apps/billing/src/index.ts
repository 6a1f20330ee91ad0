export { adjustmentReasons } from './ledger/transaction.js';
export { carryOut, foresee, type Foreseen } from './ledger/operator/credits.js';
export type { AdjustBalance, GrantCredits, RefundCharge } from './ledger/commands.js';
export { billingNodeOptions } from './node-options.js';
export { billingService } from './service.js';
export {
  checkPriceDocument,
  datedAnew,
  previewPrices,
  publishPrices,
  type PriceCheck,
} from './pricing/operator/operator.js';
export { progressBar } from './pricing/operator/progress-bar.js';
export { tellPreview } from './pricing/operator/tell-preview.js';
export { createLedgerKey } from './proofs/ledger-key.js';
export { sentenceOf, type Difference } from './proofs/verify/difference.js';
export { verifyLedger, type Verdict, type VerifyOptions } from './proofs/verify/verify-ledger.js';
