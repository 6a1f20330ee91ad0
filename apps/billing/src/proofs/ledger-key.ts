import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '@safelight/config';

const KEY_ID_LENGTH = 16;

/**
 * Ids of keys whose private halves everybody knows: the examples of RFC 8032, section 7.1
 * (tests 1 to 3, 1024 and SHA(abc)), which is what somebody in a hurry copies.
 */
const publishedKeys: ReadonlySet<string> = new Set(
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    '278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e',
    'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
  ].map((key) => keyIdOf(Buffer.from(`302a300506032b6570032100${key}`, 'hex'))),
);

/** First 16 hex digits of the SHA-256 of a public key (SPKI, DER). */
export function keyIdOf(spki: Uint8Array): string {
  return hash('sha256', spki, 'hex').slice(0, KEY_ID_LENGTH);
}

/** A fresh signing key: Ed25519, PKCS#8 PEM. Keep it private; old heads need its public half only. */
export function createLedgerKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** The key that signs heads of the ledger. */
export class LedgerKey {
  /** Ed25519 SPKI, DER. */
  readonly publicKey: Buffer;
  readonly keyId: string;

  /** @throws ConfigError unless the file holds an Ed25519 key that nobody published */
  static async fromFile(path: string): Promise<LedgerKey> {
    const pem = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw faulty(`cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
    });
    return LedgerKey.of(pem);
  }

  /** @throws ConfigError likewise */
  static of(pem: string): LedgerKey {
    let key: KeyObject;
    try {
      key = createPrivateKey(pem);
    } catch {
      throw faulty(`is no private key in PEM; ${MAKE_ONE}`);
    }
    if (key.asymmetricKeyType !== 'ed25519') throw faulty(`is no Ed25519 key; ${MAKE_ONE}`);
    const made = new LedgerKey(key);
    if (publishedKeys.has(made.keyId)) throw faulty(`is a published example; ${MAKE_ONE}`);
    return made;
  }

  private constructor(private readonly privateKey: KeyObject) {
    this.publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
    this.keyId = keyIdOf(this.publicKey);
  }

  /** Ed25519 (RFC 8032), deterministic. */
  sign(bytes: Uint8Array): Buffer {
    return sign(null, bytes, this.privateKey);
  }
}

const MAKE_ONE = 'make one with: openssl genpkey -algorithm ed25519';
const faulty = (complaint: string): ConfigError =>
  new ConfigError(`The configuration is not usable:\n  LEDGER_KEY_FILE: ${complaint}`);
