import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import { mediaTypeOf } from './object-key.js';
import type { ObjectStore } from './object-store.js';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What opens a sealed object. Whoever forgets the key has erased the object, wherever copies lie. */
export interface Sealing {
  /** 32 random bytes in base64, for this object alone. */
  readonly dataKey: string;
  /** SHA-256 of the sealed bytes: says nothing about what is inside. */
  readonly digest: string;
}

/** The object is not what was sealed under this name with this key, or its bytes were changed. */
export class SealBroken extends Error {
  readonly code = 'object.seal_broken';
  constructor(
    readonly key: string,
    options?: ErrorOptions,
  ) {
    super(`the sealed object ${key} does not open`, options);
    this.name = 'SealBroken';
  }
}

/**
 * Personal files in an object store: each sealed with AES-256-GCM under a random key of its own,
 * which is kept elsewhere. An object is 12 bytes of nonce, the ciphertext, and a tag of 16 bytes; its
 * object key is authenticated too, so an object put in the place of another does not open.
 */
export class SealedObjects {
  constructor(private readonly store: ObjectStore) {}

  /** @param key without a file extension that stands for a media type; written once */
  async put(key: string, plain: Uint8Array): Promise<Sealing> {
    const dataKey = randomBytes(KEY_BYTES);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, dataKey, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(key));
    const sealed = Buffer.concat([
      nonce,
      cipher.update(plain),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    const { digest } = await this.store.put(key, sealed, { mediaType: mediaTypeOf(key) });
    return { dataKey: dataKey.toString('base64'), digest };
  }

  /**
   * @param digest of the sealed bytes, where the caller has it from a source of its own
   * @throws SealBroken, ObjectNotFound
   */
  async open(key: string, dataKey: string, digest?: string): Promise<Buffer> {
    const { bytes } = await this.store.get(key);
    if (digest !== undefined && hash('sha256', bytes, 'hex') !== digest) throw new SealBroken(key);
    try {
      const secret = Buffer.from(dataKey, 'base64');
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(CIPHER, secret, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(key));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([
        decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)),
        decipher.final(),
      ]);
    } catch (error) {
      throw new SealBroken(key, { cause: error });
    }
  }

  /** Nothing happens when there is no such object. */
  delete(key: string): Promise<void> {
    return this.store.delete(key);
  }
}
