import { createHash } from 'node:crypto';
import { isSignedBy, keyOf, type PublishedKey } from '../published-key.js';
import { ProofRefused } from '../refused.js';

export const RECEIPT_FORMAT = 'safelight-receipt-2';

/** What names an earlier receipt: its decision, and the SHA-256 of all of it. */
export interface ReceiptLink {
  readonly decisionId: string;
  readonly digest: string;
}

/** The signed receipt of a decision, as `GET /api/v1/decisions/{id}` shows it in `receipt`. */
export interface SignedReceipt {
  readonly format: typeof RECEIPT_FORMAT;
  readonly decisionId: string;
  readonly accountId: string;
  readonly jobId: string;
  readonly stage: string;
  readonly verdict: 'pass' | 'block';
  readonly subjectDigest: string;
  readonly decidedAt: string;
  /** An earlier receipt of the same account; `null` in the account's first. */
  readonly previous: ReceiptLink | null;
  readonly keyId: string;
  /** Ed25519, base64url without padding. */
  readonly signature: string;
  /** Whatever else it says: the signature covers that too. */
  readonly [field: string]: unknown;
}

/**
 * Verifies that the operator signed this receipt, exactly as it is, by one of the keys that you trust.
 *
 * @returns the key that it was signed with
 * @throws ProofRefused `malformed`, `unknown_key` or `bad_signature`
 */
export function verifyReceipt(receipt: SignedReceipt, keys: readonly PublishedKey[]): PublishedKey {
  checkForm(receipt);
  const { signature, ...signed } = receipt;
  const key = keyOf(receipt.keyId, keys);
  if (isSignedBy(key, Buffer.from(canonicalJson(signed)), signature)) return key;
  throw new ProofRefused('bad_signature', `the receipt of ${receipt.decisionId} is not signed`);
}

/** What a later receipt names this one by: the SHA-256 of it as JSON with sorted names, signature and all. */
export const receiptDigest = (receipt: SignedReceipt): string =>
  createHash('sha256').update(canonicalJson(receipt)).digest('hex');

/**
 * Verifies that the later receipt names the earlier one: what you hold is what was there when the later
 * one was signed. That both are signed is for `verifyReceipt`.
 *
 * @throws ProofRefused `other_account` or `not_linked`
 */
export function verifyReceiptLink(later: SignedReceipt, earlier: SignedReceipt): void {
  const [one, other] = [later.decisionId, earlier.decisionId];
  if (later.accountId !== earlier.accountId) {
    throw new ProofRefused('other_account', `${one} and ${other} are of two accounts`);
  }
  const { previous } = later;
  if (previous?.decisionId === other && previous.digest === receiptDigest(earlier)) return;
  throw new ProofRefused('not_linked', `${one} does not name this receipt of ${other}`);
}

/**
 * Verifies a whole line of receipts, the newest first: each is signed, and each names the next.
 *
 * @returns whether it goes back to the account's first receipt
 * @throws ProofRefused as `verifyReceipt` and `verifyReceiptLink`
 */
export function verifyReceipts(
  receipts: readonly SignedReceipt[],
  keys: readonly PublishedKey[],
): boolean {
  for (const [at, receipt] of receipts.entries()) {
    verifyReceipt(receipt, keys);
    const later = receipts[at - 1];
    if (later !== undefined) verifyReceiptLink(later, receipt);
  }
  return receipts.at(-1)?.previous === null;
}

function checkForm(receipt: SignedReceipt): void {
  // Whatever was saved may have been read from a file: its type is a wish until it is looked at.
  const said = receipt as { readonly [field: string]: unknown };
  if (said['format'] !== RECEIPT_FORMAT) {
    throw new ProofRefused('malformed', `this is no ${RECEIPT_FORMAT}`);
  }
  for (const field of ['decisionId', 'accountId', 'keyId', 'signature']) {
    if (typeof said[field] !== 'string') {
      throw new ProofRefused('malformed', `${field} is missing`);
    }
  }
}

/** JSON with sorted names and no spaces (RFC 8785), of what JSON can carry. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  const fields = value as Readonly<Record<string, unknown>>;
  const pairs = names.map((name) => `${JSON.stringify(name)}:${canonicalJson(fields[name])}`);
  return `{${pairs.join(',')}}`;
}
