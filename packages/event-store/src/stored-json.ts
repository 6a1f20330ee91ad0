import { Unstorable } from './faults.js';

/** An escaped NUL or half of a surrogate pair, which PostgreSQL and others cannot read back. */
const UNREADABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89ab][0-9a-f]{2}|d[c-f][0-9a-f]{2})/;
const AMOUNT = 'Micros';
const DECIMAL = /^-?\d+$/;

/** As it is: `undefined` and functions have no JSON, which the library's types leave out. */
const stringify: (value: unknown, replacer: typeof storable) => string | undefined = JSON.stringify;

/**
 * The text under which a value is stored: JSON; amounts (`bigint` fields whose names end in
 * `Micros`) become decimal strings.
 *
 * @throws Unstorable for what JSON would silently change or PostgreSQL could not read back: a NUL,
 *   a lone surrogate, a number that is not finite, a `bigint` under another name
 */
export function toStoredJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = stringify(value, storable);
  } catch (error) {
    if (error instanceof Unstorable) throw error;
    throw new Unstorable('this value has no JSON form', { cause: error });
  }
  if (text === undefined) throw new Unstorable('this value has no JSON form');
  if (text.includes('\\u') && UNREADABLE.test(text)) {
    throw new Unstorable('text with a NUL character or half a surrogate pair cannot be stored');
  }
  return text;
}

function storable(key: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    if (key.endsWith(AMOUNT)) return value.toString();
    throw new Unstorable(`"${key}" is a bigint, but its name does not end in ${AMOUNT}`);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Unstorable(`"${key}" is ${value}, which JSON cannot express`);
  }
  return value;
}

/** The value that `toStoredJson` was given; decimal strings under `…Micros` are `bigint` again. */
export function fromStoredJson(text: string): unknown {
  // A reviver is slow, and most events carry no amount.
  return text.includes(`${AMOUNT}"`) ? JSON.parse(text, amounts) : JSON.parse(text);
}

const amounts = (key: string, value: unknown): unknown =>
  typeof value === 'string' && key.endsWith(AMOUNT) && DECIMAL.test(value) ? BigInt(value) : value;

/** @throws Unstorable when a name could not be sent to PostgreSQL as text */
export function assertText(what: string, text: string): void {
  if (text === '' || text.includes('\0') || !text.isWellFormed()) {
    throw new Unstorable(`the ${what} must be text without NUL characters, and not empty`);
  }
}
