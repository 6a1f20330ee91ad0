/** A complex plane of `SIDE` × `SIDE` values, row by row. */
export interface Plane {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Side of a tile and of its spectrum, in pixels. A power of two. */
export const SIDE = 128;
const BITS = 7;

export const emptyPlane = (): Plane => ({
  re: new Float64Array(SIDE * SIDE),
  im: new Float64Array(SIDE * SIDE),
});

const cosines = Float64Array.from({ length: SIDE }, (_, k) => Math.cos((2 * Math.PI * k) / SIDE));
const sines = Float64Array.from({ length: SIDE }, (_, k) => Math.sin((2 * Math.PI * k) / SIDE));
const reversed = Uint8Array.from({ length: SIDE }, (_, k) => {
  let out = 0;
  for (let bit = 0; bit < BITS; bit++) out |= ((k >> bit) & 1) << (BITS - 1 - bit);
  return out;
});

/** The discrete Fourier transform of a tile, in place; `inverse` also divides by its size. */
export function transform(plane: Plane, inverse = false): Plane {
  for (let row = 0; row < SIDE; row++) line(plane, row * SIDE, 1, inverse);
  for (let column = 0; column < SIDE; column++) line(plane, column, SIDE, inverse);
  if (!inverse) return plane;
  for (let at = 0; at < SIDE * SIDE; at++) {
    plane.re[at] = (plane.re[at] ?? 0) / (SIDE * SIDE);
    plane.im[at] = (plane.im[at] ?? 0) / (SIDE * SIDE);
  }
  return plane;
}

/** One row or column, by Cooley and Tukey's halving. */
function line({ re, im }: Plane, from: number, step: number, inverse: boolean): void {
  for (let k = 0; k < SIDE; k++) {
    const other = reversed[k] ?? 0;
    if (other > k) exchange(re, im, from + k * step, from + other * step);
  }
  for (let size = 2; size <= SIDE; size *= 2) {
    const half = size / 2;
    const turn = SIDE / size;
    for (let k = 0; k < half; k++) {
      const c = cosines[k * turn] ?? 0;
      const s = inverse ? (sines[k * turn] ?? 0) : -(sines[k * turn] ?? 0);
      for (let start = k; start < SIDE; start += size) {
        const a = from + start * step;
        const b = a + half * step;
        const [rb, ib] = [re[b] ?? 0, im[b] ?? 0];
        const [r, i] = [rb * c - ib * s, rb * s + ib * c];
        re[b] = (re[a] ?? 0) - r;
        im[b] = (im[a] ?? 0) - i;
        re[a] = (re[a] ?? 0) + r;
        im[a] = (im[a] ?? 0) + i;
      }
    }
  }
}

function exchange(re: Float64Array, im: Float64Array, a: number, b: number): void {
  const [r, i] = [re[a] ?? 0, im[a] ?? 0];
  re[a] = re[b] ?? 0;
  im[a] = im[b] ?? 0;
  re[b] = r;
  im[b] = i;
}
