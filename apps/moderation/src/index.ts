export { createReceiptKey } from './decisions/receipt-signer.js';
export type { OutputClassifier } from './outputs/inspection.js';
export { moderationService, moderationServiceWith } from './service.js';
