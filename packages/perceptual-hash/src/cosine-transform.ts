import { SMALL } from './box-filter.js';

/** Side of the square of frequencies that a hash is made of. */
export const KEPT = 16;

/** Row i is the cosine of frequency i + 1: the constant part of a picture is left out. */
const cosines = Float64Array.from({ length: KEPT * SMALL }, (_, at) => {
  const [frequency, place] = [Math.floor(at / SMALL) + 1, at % SMALL];
  return Math.sqrt(2 / SMALL) * Math.cos((Math.PI / 2 / SMALL) * frequency * (2 * place + 1));
});

/** The lowest 16×16 frequencies of a 64×64 picture (DCT II), without those that are constant along an axis. */
export function lowFrequencies(small: Float32Array): Float64Array {
  const halfway = new Float64Array(KEPT * SMALL);
  for (let i = 0; i < KEPT; i++) {
    for (let k = 0; k < SMALL; k++) {
      const cosine = cosines[i * SMALL + k] ?? 0;
      for (let j = 0; j < SMALL; j++) {
        halfway[i * SMALL + j] =
          (halfway[i * SMALL + j] ?? 0) + cosine * (small[k * SMALL + j] ?? 0);
      }
    }
  }
  const frequencies = new Float64Array(KEPT * KEPT);
  for (let i = 0; i < KEPT; i++) {
    for (let j = 0; j < KEPT; j++) {
      let sum = 0;
      for (let k = 0; k < SMALL; k++) {
        sum += (halfway[i * SMALL + k] ?? 0) * (cosines[j * SMALL + k] ?? 0);
      }
      frequencies[i * KEPT + j] = sum;
    }
  }
  return frequencies;
}
