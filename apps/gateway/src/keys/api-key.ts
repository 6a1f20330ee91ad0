import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_BYTES = 32;
/** ceil(256 / log2(62)) */
const SECRET_LENGTH = 43;
/** ceil(32 / log2(62)) */
const CHECKSUM_LENGTH = 6;

export const TEST_KEY_PREFIX = 'sl_test_';
const SHAPE = /^sl_(live|test)_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value, i = 0; i < length; i += 1, rest /= 62n) {
    text = ALPHABET.charAt(Number(rest % 62n)) + text;
  }
  return text;
}

const checksumOf = (body: string): string => base62(BigInt(crc32(body)), CHECKSUM_LENGTH);

/**
 * A new key: `sl_live_`, 256 random bits in base62, and a CRC-32 in base62, so that scanners of
 * leaked secrets can tell a real key from a lookalike without asking us.
 */
export function newApiKey(kind: 'live' | 'test'): string {
  const secret = base62(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_LENGTH);
  const body = `sl_${kind}_${secret}`;
  return body + checksumOf(body);
}

/** Has the shape and the checksum of a key; a typo is turned away before the database is asked. */
export function isWellFormed(key: string): boolean {
  return (
    SHAPE.test(key) && checksumOf(key.slice(0, -CHECKSUM_LENGTH)) === key.slice(-CHECKSUM_LENGTH)
  );
}

/** What is stored of a key: SHA-256. With 256 random bits there is nothing to guess or to salt. */
export const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

const HINT_LENGTH = 4;

/** The beginning and the last characters of a key: enough to know it again, not to guess it. */
export const hintOf = (key: string): string =>
  `${key.slice(0, key.lastIndexOf('_') + 1 + HINT_LENGTH)}…${key.slice(-HINT_LENGTH)}`;
