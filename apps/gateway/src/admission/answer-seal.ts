import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

/** Which claimed request an answer is for. */
export interface Claimed {
  readonly accountId: string;
  readonly key: string;
  readonly route: string;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals what is kept for an idempotency key. Answers hold new API keys, secrets of webhooks and signed
 * links, each shown once: whoever gets hold of the database alone must not get them too.
 *
 * AES-256-GCM under a key that HKDF (RFC 5869) makes of a secret of the deployment's: 12 bytes of
 * nonce, the ciphertext, 16 bytes of tag. Account, key and route are authenticated: no answer opens in
 * another's place.
 */
export class AnswerSeal {
  private readonly key: KeyObject;

  constructor(secret: Buffer) {
    const bytes = hkdfSync('sha256', secret, '', 'safelight idempotent answers v1', KEY_BYTES);
    this.key = createSecretKey(Buffer.from(bytes));
  }

  seal(claimed: Claimed, body: Buffer): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(ownerOf(claimed));
    return Buffer.concat([nonce, cipher.update(body), cipher.final(), cipher.getAuthTag()]);
  }

  /** @returns `undefined` for what was sealed with another secret, or elsewhere, or was altered */
  open(claimed: Claimed, sealed: Buffer): Buffer | undefined {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(ownerOf(claimed));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([plain, decipher.final()]);
    } catch {
      return undefined;
    }
  }
}

const ownerOf = ({ accountId, key, route }: Claimed): Buffer =>
  Buffer.from(JSON.stringify([accountId, key, route]));
