import { createHash } from 'node:crypto';

const RANGE = 2 ** 32;

/** Numbers in [0, 1) that follow from the seed alone: SHA-256 of the seed and a counter. */
export function seeded(seed: number): () => number {
  let count = 0;
  return () => {
    count += 1;
    return createHash('sha256').update(`${seed}:${count}`).digest().readUInt32BE(0) / RANGE;
  };
}
