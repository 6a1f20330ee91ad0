import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Receipt } from '@safelight/contracts';
import { canonicalJson } from '@safelight/contracts';

/** What is signed, but the name of the key. */
export type Unsigned = Omit<Receipt, 'keyId' | 'signature'>;

/** The key that signs receipts cannot be used. */
export class ReceiptKeyError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReceiptKeyError';
  }
}

const keyIdLength = 16;

/** A fresh signing key: Ed25519, PKCS#8 PEM. Keep it private, and keep it: old receipts need it. */
export function createReceiptKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
}

/** Signs decisions. The public half is for whoever verifies receipts. */
export class ReceiptSigner {
  /** Ed25519 SPKI, DER in base64. */
  readonly publicKey: string;
  /** First 16 hex digits of the SHA-256 of the public key. */
  readonly keyId: string;

  /** @throws ReceiptKeyError unless `pem` holds an Ed25519 private key in PKCS#8 */
  static of(pem: string): ReceiptSigner {
    let key: KeyObject;
    try {
      key = createPrivateKey(pem);
    } catch (cause) {
      throw new ReceiptKeyError('the receipt key is not a private key in PEM', { cause });
    }
    if (key.asymmetricKeyType !== 'ed25519') {
      throw new ReceiptKeyError('the receipt key is not an Ed25519 key');
    }
    return new ReceiptSigner(key);
  }

  /** @throws ReceiptKeyError also when the file cannot be read */
  static async fromFile(path: string): Promise<ReceiptSigner> {
    const pem = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw new ReceiptKeyError(`the receipt key ${path} (RECEIPT_KEY_FILE) cannot be read`, {
        cause,
      });
    });
    return ReceiptSigner.of(pem);
  }

  private constructor(private readonly privateKey: KeyObject) {
    const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
    this.publicKey = spki.toString('base64');
    this.keyId = hash('sha256', spki, 'hex').slice(0, keyIdLength);
  }

  /** Signed with Ed25519 (RFC 8032) over all other fields: the same fields, the same signature. */
  receiptOf(unsigned: Unsigned): Receipt {
    const signed = { ...unsigned, keyId: this.keyId };
    const signature = sign(null, Buffer.from(canonicalJson(signed)), this.privateKey);
    return { ...signed, signature: signature.toString('base64url') };
  }

  /** Signs what is no decision: an acknowledgement, a certificate. Over its canonical JSON, key id included. */
  statementOf<Fields extends Readonly<Record<string, unknown>>>(
    fields: Fields,
  ): Fields & { keyId: string; signature: string } {
    const signed = { ...fields, keyId: this.keyId };
    const signature = sign(null, Buffer.from(canonicalJson(signed)), this.privateKey);
    return { ...signed, signature: signature.toString('base64url') };
  }
}
