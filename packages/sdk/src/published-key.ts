import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { ProofRefused } from './refused.js';

/** A key as it is published. */
export interface PublishedKey {
  readonly key_id: string;
  readonly algorithm: string;
  /** SPKI, DER, base64. */
  readonly public_key: string;
}

const KEY_ID_LENGTH = 16;

/** @throws ProofRefused `unknown_key` */
export function keyOf(keyId: string, keys: readonly PublishedKey[]): PublishedKey {
  const key = keys.find(({ key_id }) => key_id === keyId);
  if (key !== undefined) return key;
  throw new ProofRefused('unknown_key', `no key ${keyId} is among those that you trust`);
}

/**
 * @param signature Ed25519, base64url without padding; other spellings of the same bytes do not count
 * @throws ProofRefused `malformed` for a key that is none
 */
export function isSignedBy(key: PublishedKey, signed: Buffer, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64url');
  const oneSpelling = bytes.toString('base64url') === signature;
  return oneSpelling && verify(null, signed, publicKeyOf(key), bytes);
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
