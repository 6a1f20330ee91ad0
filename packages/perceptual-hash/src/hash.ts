/**
 * 256 bits in eight words; bit k is bit k mod 32 of word k / 32. Written in hex the highest bit comes
 * first, as the reference implementation of PDQ does.
 */
export type Hash = Uint32Array;

/** Of a hash. */
export const WORDS = 8;
/** Of a hash. */
export const BYTES = 32;
const HEX = /^[0-9a-f]{64}$/i;
const HEX_OF_WORD = 8;
const { imul } = Math;

export function hexOf(hash: Hash): string {
  return Array.from(hash, (word) => word.toString(16).padStart(HEX_OF_WORD, '0'))
    .reverse()
    .join('');
}

/** `undefined` for anything but 64 hexadecimal digits. */
export function hashOfHex(hex: string): Hash | undefined {
  if (!HEX.test(hex)) return undefined;
  return Uint32Array.from({ length: WORDS }, (_, word) => {
    const at = (WORDS - 1 - word) * HEX_OF_WORD;
    return parseInt(hex.slice(at, at + HEX_OF_WORD), 16);
  });
}

/** How many of the 256 bits differ. */
export function distance(a: Hash, b: Hash): number {
  let bits = 0;
  for (let word = 0; word < WORDS; word++) bits += bitsSet((a[word] ?? 0) ^ (b[word] ?? 0));
  return bits;
}

/** Of a word of 32 bits. Henry S. Warren, "Hacker's Delight", figure 5-2. */
export function bitsSet(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
