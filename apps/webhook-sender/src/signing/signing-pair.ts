import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';

/** 24 to 64 bytes are allowed (Standard Webhooks, "Signature scheme"). */
const SECRET_BYTES = 32;
const SEED_BYTES = 32;
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What stands before the 32 bytes of an Ed25519 seed in PKCS #8 (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** An Ed25519 key's own bytes are the last 32 of its SPKI form. */
const RAW_KEY_BYTES = 32;

/** As kept at rest. */
export interface SealedPair {
  readonly ciphertext: Buffer;
  readonly nonce: Buffer;
}

/**
 * What one receiver's events are signed with: a secret shared with it for `v1`, and a key of ours for
 * `v1a`, which it can check with a public key and so without a secret of its own to lose.
 */
export class SigningPair {
  private readonly secret: Buffer;
  private readonly privateKey: KeyObject;

  /** @param bytes the secret, then the seed of the key */
  private constructor(private readonly bytes: Buffer) {
    this.secret = bytes.subarray(0, SECRET_BYTES);
    const der = Buffer.concat([PKCS8_PREFIX, bytes.subarray(SECRET_BYTES)]);
    this.privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  }

  static fresh(): SigningPair {
    return new SigningPair(randomBytes(SECRET_BYTES + SEED_BYTES));
  }

  /** @throws when key, owner or a single bit is not the one that it was sealed with */
  static unsealed(key: KeyObject, { ciphertext, nonce }: SealedPair, owner: string): SigningPair {
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(owner));
    decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
    const plain = [decipher.update(ciphertext.subarray(0, -TAG_BYTES)), decipher.final()];
    return new SigningPair(Buffer.concat(plain));
  }

  /** AES-256-GCM; what was sealed for one owner does not open as another's, even if rows are swapped. */
  sealed(key: KeyObject, owner: string): SealedPair {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(owner));
    const ciphertext = [cipher.update(this.bytes), cipher.final(), cipher.getAuthTag()];
    return { ciphertext: Buffer.concat(ciphertext), nonce };
  }

  /** `whsec_…` and `whpk_…`, as Standard Webhooks writes them. */
  toText(): { secret: string; publicKey: string } {
    const spki = createPublicKey(this.privateKey).export({ format: 'der', type: 'spki' });
    return {
      secret: `whsec_${this.secret.toString('base64')}`,
      publicKey: `whpk_${spki.subarray(-RAW_KEY_BYTES).toString('base64')}`,
    };
  }

  /** Both signatures, `v1,…` and `v1a,…`, over `id.timestamp.body`. */
  signatures(content: string): string[] {
    const mac = createHmac('sha256', this.secret).update(content).digest('base64');
    const own = sign(null, Buffer.from(content), this.privateKey).toString('base64');
    return [`v1,${mac}`, `v1a,${own}`];
  }
}
