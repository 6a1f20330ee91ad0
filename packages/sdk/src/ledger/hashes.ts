import { createHash } from 'node:crypto';
import { ProofRefused } from '../refused.js';

/** Prefixes that keep a leaf from being taken for a node (RFC 6962, section 2.1). */
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const DIGEST = /^[0-9a-f]{64}$/;

const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest();

/** The root of a tree without leaves. */
export const emptyRoot = (): Buffer => sha256();

/** The hash of a leaf: SHA-256 of a zero byte and the leaf's bytes. */
export const leafHash = (bytes: Uint8Array): Buffer => sha256(LEAF, bytes);

/** The hash of a node: SHA-256 of a byte 1, the left child and the right one. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right);

/**
 * Reads a SHA-256 digest in lower-case hex.
 * @throws ProofRefused `malformed`
 */
export function digestIn(hex: unknown, what: string): Buffer {
  if (typeof hex === 'string' && DIGEST.test(hex)) return Buffer.from(hex, 'hex');
  throw new ProofRefused('malformed', `${what} is not a SHA-256 digest in lower-case hex`);
}

/**
 * Reads a number of leaves, or a leaf's index.
 * @throws ProofRefused `malformed`
 */
export function countIn(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new ProofRefused('malformed', `${what} is not a whole number from 0 on`);
}
