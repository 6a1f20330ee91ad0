import { keyOf, isSignedBy, type PublishedKey } from '../published-key.js';
import { countIn, digestIn } from './hashes.js';
import { ProofRefused } from '../refused.js';

export const HEAD_FORMAT = 'safelight-ledger-head-1';

/**
 * What the operator of a ledger signed: how many entries it had at a time, and the root of the
 * Merkle tree (RFC 6962) over exactly those. Keep it: it is what a later tree is held against.
 */
export interface SignedHead {
  readonly format: typeof HEAD_FORMAT;
  readonly tree_size: number;
  readonly root_hash: string;
  /** The last block of the chain that the tree is made of, and its hash; 0 and zeros for none. */
  readonly block_height: number;
  readonly block_hash: string;
  readonly signed_at: string;
  readonly key_id: string;
  /** Ed25519, base64url without padding. */
  readonly signature: string;
}

const SIGNED_AT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * What the signature covers: every field of a head but the signature, as JSON with sorted names and
 * no spaces (RFC 8785). Unknown fields of a later version make the head another one: they are not
 * covered, so they are not taken along.
 */
export function signedPartOf(head: Omit<SignedHead, 'signature'>): Buffer {
  const { block_hash, block_height, format, key_id, root_hash, signed_at, tree_size } = head;
  // Sorted by name; all values are plain ASCII strings and whole numbers, which JSON.stringify
  // writes as RFC 8785 wants them.
  const signed = { block_hash, block_height, format, key_id, root_hash, signed_at, tree_size };
  return Buffer.from(JSON.stringify(signed));
}

/**
 * Verifies that the operator signed this head, by one of the keys that you trust. Keep the keys as
 * you keep the head: whoever could change the ledger could publish another key beside it.
 *
 * @returns the key that it was signed with
 * @throws ProofRefused `malformed`, `unknown_key` or `bad_signature`
 */
export function verifySignedHead(head: SignedHead, keys: readonly PublishedKey[]): PublishedKey {
  checkForm(head);
  const key = keyOf(head.key_id, keys);
  if (isSignedBy(key, signedPartOf(head), head.signature)) return key;
  throw new ProofRefused('bad_signature', `the head of ${head.tree_size} entries is not signed`);
}

function checkForm(head: SignedHead): void {
  // Whatever was saved may have been read from a file: its type is a wish until it is looked at.
  const { format, signed_at, key_id, signature } = head as {
    readonly [K in keyof SignedHead]: unknown;
  };
  if (format !== HEAD_FORMAT) throw new ProofRefused('malformed', `this is no ${HEAD_FORMAT}`);
  countIn(head.tree_size, 'tree_size');
  countIn(head.block_height, 'block_height');
  digestIn(head.root_hash, 'root_hash');
  digestIn(head.block_hash, 'block_hash');
  if (typeof signed_at !== 'string' || !SIGNED_AT.test(signed_at)) {
    throw new ProofRefused('malformed', 'signed_at is not a time in UTC with milliseconds');
  }
  if (typeof key_id !== 'string' || typeof signature !== 'string') {
    throw new ProofRefused('malformed', 'key_id or signature is missing');
  }
}
