import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { countIn, digestIn } from './hashes.js';
import { ProofRefused } from './refused.js';

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

/** A key as it is published. */
export interface PublishedKey {
  readonly key_id: string;
  readonly algorithm: string;
  /** SPKI, DER, base64. */
  readonly public_key: string;
}

const KEY_ID_LENGTH = 16;
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
  const key = keys.find(({ key_id }) => key_id === head.key_id);
  if (key === undefined) {
    throw new ProofRefused('unknown_key', `no key ${head.key_id} is among those that you trust`);
  }
  const signature = Buffer.from(head.signature, 'base64url');
  const oneSpelling = signature.toString('base64url') === head.signature;
  if (oneSpelling && verify(null, signedPartOf(head), publicKeyOf(key), signature)) return key;
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

function publicKeyOf({ key_id, public_key }: PublishedKey): KeyObject {
  const spki = Buffer.from(public_key, 'base64');
  const id = createHash('sha256').update(spki).digest('hex').slice(0, KEY_ID_LENGTH);
  if (id !== key_id) throw new ProofRefused('malformed', `${key_id} is not the id of its key`);
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // The same sentence as for a key of another kind.
  }
  throw new ProofRefused('malformed', `the key ${key_id} is not an Ed25519 key`);
}
