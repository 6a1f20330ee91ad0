export { BankFileRefused } from './banks/bank-file.js';
export { importBank, knownBanks, retireBank, type BankToImport } from './banks/operators.js';
export type { Bank, BankKind } from './banks/shelf.js';
export { createReceiptKey } from './decisions/receipt-signer.js';
export type { Policy, Stage as PolicyStage } from './policy/published/life.js';
export {
  checkPolicy,
  draftPolicy,
  knownPolicies,
  movePolicy,
} from './policy/published/operators.js';
export { PolicyRefused } from './policy/published/policy-file.js';
export type { OutputClassifier } from './outputs/inspection.js';
export { countsOf, type Count } from './trust/counts.js';
export {
  approveEvidence,
  askForEvidence,
  readEvidence,
  type EvidenceDoor,
} from './trust/quarantine/operators.js';
export {
  claimCase,
  dismissReport,
  overturnRefusal,
  upholdRefusal,
  upholdReport,
  waitingCases,
  type WaitingCase,
} from './trust/operators.js';
export type { Grounds } from './trust/takedown/takedown.js';
export { createCaseKey } from './trust/case-key.js';
export { moderationService, moderationServiceWith } from './service.js';
export { inspect } from './outputs/inspection.js';
export { explainDecision, type ExplainedDecision } from './replay/explain.js';
export type { AccountFlips, Flips, Redecided } from './replay/flips.js';
export { replay, type Replayed } from './replay/replay.js';
export { shadowedBy, type Shadowed } from './replay/shadowed.js';
export {
  accountStands,
  eraseStrike,
  liftSuspension,
  type AccountStands,
} from './standing/operators.js';
