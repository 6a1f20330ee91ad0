import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * A UUID as 26 characters of Crockford base32, lower case: 128 bits, the first character holds
 * three. Sorts as the UUID does. Alphabet: https://www.crockford.com/base32.html
 */
export function encodeUuid(uuid: string): string {
  let value = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let i = 0; i < 26; i += 1) {
    text = CROCKFORD.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return text;
}

/** A fresh id, e.g. `newId('job')`: a UUIDv7, so that ids sort by their time of birth. */
export function newId(prefix: 'job' | 'acc' | 'key' | 'out' | 'dec'): string {
  return `${prefix}_${encodeUuid(v7())}`;
}

/** A fresh random UUID, for messages and requests: from Node's own pool of randomness. */
export const newUuid = (): string => randomUUID();
