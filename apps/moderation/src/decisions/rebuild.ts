import type { Receipt } from '@safelight/contracts';
import { canonicalJson, digestOfReceipt } from '@safelight/contracts';
import { draftOf, type Grounds, type JudgingPolicy, type StoredGrounds } from './grounds.js';
import type { ReceiptSigner } from './receipt-signer.js';

/** A row of `moderation.decisions`, as far as a receipt is made from it. */
export interface StoredDecision {
  readonly decision_id: string;
  readonly job_id: string;
  readonly stage: Receipt['stage'];
  readonly subject_digest: string;
  readonly account_id: string;
  readonly previous_id: string | null;
  readonly rule_id: string | null;
  /** JSON; `null` in decisions from before grounds were kept. */
  readonly grounds: string | null;
  /** As it was given: never read here. */
  readonly receipt: string;
}

/** @throws Error for a decision from before grounds were kept */
export function groundsOf(
  row: Omit<StoredDecision, 'receipt' | 'rule_id' | 'previous_id'>,
): Grounds {
  if (row.grounds === null) throw new Error(`${row.decision_id} has no grounds`);
  return {
    ...(JSON.parse(row.grounds) as StoredGrounds),
    ...{ decisionId: row.decision_id, jobId: row.job_id, stage: row.stage },
    ...{ subjectDigest: row.subject_digest, accountId: row.account_id },
  };
}

/**
 * The text of a receipt, made again from what is stored without reading it: signals are judged anew, and
 * the signature of Ed25519 is the same for the same bytes.
 *
 * @param previous the text of the receipt that the row names
 * @param policy the one that decided
 */
export function rebuiltReceipt(
  row: StoredDecision,
  previous: string | null,
  policy: JudgingPolicy,
  signer: ReceiptSigner,
): string {
  const draft = draftOf(groundsOf(row), policy);
  const earlier = previous === null ? null : (JSON.parse(previous) as Receipt);
  const link = earlier && { decisionId: earlier.decisionId, digest: digestOfReceipt(earlier) };
  return canonicalJson(signer.receiptOf({ ...draft, previous: link }));
}
