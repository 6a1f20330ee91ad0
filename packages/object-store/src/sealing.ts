import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** Ciphertext with its 16-byte authentication tag at the end, and the nonce that made it. */
export interface Sealed {
  readonly ciphertext: Buffer;
  readonly nonce: Buffer;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM (NIST SP 800-38D) under a fresh random nonce. `owner` is authenticated, not stored:
 * what was sealed for one owner does not open as another's, even if rows are swapped.
 */
export function seal(key: KeyObject, plain: Uint8Array, owner: string): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(owner));
  const parts = [cipher.update(plain), cipher.final(), cipher.getAuthTag()];
  return { ciphertext: Buffer.concat(parts), nonce };
}

/** @throws when key, owner or a single bit is not the one that it was sealed with */
export function unseal(key: KeyObject, sealed: Sealed, owner: string): Buffer {
  const { ciphertext, nonce } = sealed;
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(owner));
  decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(ciphertext.subarray(0, -TAG_BYTES)), decipher.final()]);
}
