import type { KeyObject } from 'node:crypto';
import { hash, verify } from 'node:crypto';
import type { Receipt } from './moderation.js';

/**
 * JSON with sorted keys and no spaces (RFC 8785): equal values have equal bytes, so they can be
 * hashed and signed. `undefined` fields are left out.
 * @throws TypeError for what JSON cannot carry: a bigint, a function, a number that is not finite.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
    return `{${pairs.join(',')}}`;
  }
  const finite = typeof value !== 'number' || Number.isFinite(value);
  const isScalar = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  if (!isScalar || !finite) throw new TypeError(`JSON cannot carry this ${typeof value}`);
  return JSON.stringify(value);
}

/** What the signature of a receipt covers: every field but the signature itself. */
export function signedPartOf(receipt: Omit<Receipt, 'signature'>): Buffer {
  return Buffer.from(canonicalJson({ ...receipt, signature: undefined }));
}

/**
 * Whether moderation made this receipt, exactly as it is. `publicKey` is an Ed25519 key; the
 * signature is base64url without padding, and other spellings of the same bytes do not count.
 */
export function verifyReceipt(publicKey: KeyObject, receipt: Receipt): boolean {
  const signature = Buffer.from(receipt.signature, 'base64url');
  if (signature.toString('base64url') !== receipt.signature) return false;
  return verify(null, signedPartOf(receipt), publicKey, signature);
}

/** What the next receipt of the account names this one by: SHA-256 over all of it, in hex. */
export const digestOfReceipt = (receipt: Receipt): string =>
  hash('sha256', canonicalJson(receipt), 'hex');
