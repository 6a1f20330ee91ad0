import { randomUUID } from 'node:crypto';

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const character = (bits: number, shift: number): string => CROCKFORD.charAt((bits >> shift) & 31);

/**
 * A UUID as 26 characters of Crockford base32, lower case: 128 bits, the first character holds
 * three. Sorts as the UUID does. Alphabet: https://www.crockford.com/base32.html
 */
export function encodeUuid(uuid: string): string {
  const hex = uuid.replaceAll('-', '');
  const first = parseInt(hex.slice(0, 2), 16);
  let text = character(first, 5) + character(first, 0);
  // Five hexadecimal digits are four characters.
  for (let i = 2; i < 32; i += 5) {
    const bits = parseInt(hex.slice(i, i + 5), 16);
    text += character(bits, 15) + character(bits, 10) + character(bits, 5) + character(bits, 0);
  }
  return text;
}

/**
 * The least id that can have been born at this time (milliseconds since 1970): ids made later sort
 * after it. Times before 1970 count as 1970.
 */
export function firstIdAt(prefix: string, ms: number): string {
  const time = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0').slice(0, 12);
  return `${prefix}_${encodeUuid(time.padEnd(32, '0'))}`;
}

const COUNTER_MAX = 0xfff;
let lastMs = 0;
let counter = 0;

/**
 * A fresh UUIDv7 (RFC 9562, section 5.7), greater than every one before it in this process: the
 * time, a counter in the 12 bits after it (section 6.2, method 1), and 62 random bits. Those come
 * from `randomUUID`, which draws from a pool; a library that draws its own for each id costs more
 * than all else about one.
 */
function newUuidV7(): string {
  const nowMs = Date.now();
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = 0;
  } else if (counter === COUNTER_MAX) {
    // More than 4,096 in a millisecond: the time of these runs ahead of the clock a little.
    lastMs += 1;
    counter = 0;
  } else counter += 1;
  const time = lastMs.toString(16).padStart(12, '0');
  const count = counter.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}${randomUUID().slice(18)}`;
}

/** A fresh id, e.g. `newId('job')`: a UUIDv7, so that ids sort by their time of birth. */
export function newId(
  prefix:
    | 'job'
    | 'acc'
    | 'bud'
    | 'key'
    | 'out'
    | 'dec'
    | 'whk'
    | 'evt'
    | 'dlv'
    | 'upl'
    | 'qte'
    | 'cns'
    | 'rpt'
    | 'apl'
    | 'top'
    | 'bnk',
): string {
  return `${prefix}_${encodeUuid(newUuidV7())}`;
}

/** A fresh random UUID, for messages and requests: from Node's own pool of randomness. */
export const newUuid = (): string => randomUUID();
