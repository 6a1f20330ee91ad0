/** The few forms of ASN.1's DER (ITU-T X.690) that certificates and time stamps are made of. */
export type Der = Buffer;

/** One value: tag, length, content. */
export function value(tag: number, ...parts: readonly Uint8Array[]): Der {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = length < 0x100 ? [length] : [length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length, ...size]), content]);
}

export const sequence = (...parts: readonly Der[]): Der => value(0x30, ...parts);
/** The members of a set are in the order of their bytes. */
export const setOf = (...parts: readonly Der[]): Der =>
  value(0x31, ...[...parts].sort((a, b) => Buffer.compare(a, b)));
export const octets = (bytes: Uint8Array): Der => value(0x04, bytes);
export const bits = (bytes: Uint8Array, unused = 0): Der =>
  value(0x03, Buffer.from([unused]), bytes);
export const text = (words: string): Der => value(0x0c, Buffer.from(words, 'utf8'));
export const yes: Der = value(0x01, Buffer.from([0xff]));
/** `[number]` around values. */
export const tagged = (number: number, ...parts: readonly Der[]): Der =>
  value(0xa0 | number, ...parts);

/** A number of 0 or more, of any size. */
export function integer(bytes: Uint8Array | number): Der {
  const all = typeof bytes === 'number' ? Buffer.from([bytes]) : Buffer.from(bytes);
  let first = 0;
  while (first < all.length - 1 && all[first] === 0) first += 1;
  const short = all.subarray(first);
  const isHigh = ((short[0] ?? 0) & 0x80) !== 0;
  return value(0x02, isHigh ? Buffer.from([0]) : Buffer.alloc(0), short);
}

/** An object identifier as it is written, with dots. */
export function identifier(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift(0x80 | (left & 0x7f));
    }
    return groups;
  });
  return value(0x06, Buffer.from(bytes));
}

/** In whole seconds, UTC. */
export const time = (at: Date): Der =>
  value(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]|\.\d+Z/g, '')}Z`));
/** As certificates have it up to 2049. */
export const shortTime = (at: Date): Der =>
  value(
    0x17,
    Buffer.from(
      `${at
        .toISOString()
        .replace(/[-:T]|\.\d+Z/g, '')
        .slice(2)}Z`,
    ),
  );

/** A value that was read: `whole` with its tag and length. */
export interface Read {
  readonly tag: number;
  readonly whole: Buffer;
  readonly content: Buffer;
}

/** The values in a content, one after another; `undefined` where they do not fit. */
export function read(bytes: Buffer): Read[] | undefined {
  const found: Read[] = [];
  for (let at = 0; at < bytes.length;) {
    const [tag, short] = [bytes[at], bytes[at + 1]];
    if (tag === undefined || short === undefined) return undefined;
    const count = short < 0x80 ? 0 : short & 0x7f;
    if (count > 2 || at + 2 + count > bytes.length) return undefined;
    const length = count === 0 ? short : bytes.readUIntBE(at + 2, count);
    const from = at + 2 + count;
    if (from + length > bytes.length) return undefined;
    const end = from + length;
    found.push({ tag, whole: bytes.subarray(at, end), content: bytes.subarray(from, end) });
    at = end;
  }
  return found;
}
