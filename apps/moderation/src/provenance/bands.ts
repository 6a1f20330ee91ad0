import { type Hash, WORDS } from '@safelight/perceptual-hash';

const BITS = 16;
const VALUES = 1 << BITS;

/**
 * The sixteen parts of a hash as numbers that no other part can have: multi-index hashing (Norouzi, Punjani,
 * Fleet, CVPR 2012), as `NearIndex` does in memory.
 */
export const bandsOf = (hash: Hash): number[] =>
  Array.from({ length: WORDS * 2 }, (_, band) => band * VALUES + valueOf(hash, band));

/** The same, and each with one bit that differs: hashes within 31 bits have one of these. */
export const bandsNear = (hash: Hash): number[] =>
  Array.from({ length: WORDS * 2 }, (_, band) => {
    const value = valueOf(hash, band);
    const near = Array.from({ length: BITS }, (_none, bit) => value ^ (1 << bit));
    return [value, ...near].map((one) => band * VALUES + one);
  }).flat();

const valueOf = (hash: Hash, band: number): number =>
  ((hash[band >> 1] ?? 0) >>> ((band & 1) * BITS)) & (VALUES - 1);
