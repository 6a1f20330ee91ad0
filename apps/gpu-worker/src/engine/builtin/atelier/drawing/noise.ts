import { Random } from './random.js';

const SIDE = 256;
let tile: Uint8Array | undefined;

/** A 256 by 256 tile of fractal value noise that repeats without a seam; made once. */
export function noiseTile(): Uint8Array {
  tile ??= normalised(fractal());
  return tile;
}

function fractal(): Float64Array {
  const sum = new Float64Array(SIDE * SIDE);
  const random = new Random(0x5afe);
  for (let cells = 4, weight = 1; cells <= 128; cells *= 2, weight *= 0.52) {
    const lattice = Float64Array.from({ length: cells * cells }, () => random.next());
    addOctave(sum, lattice, cells, weight);
  }
  return sum;
}

function addOctave(sum: Float64Array, lattice: Float64Array, cells: number, weight: number): void {
  const step = cells / SIDE;
  const at = (x: number, y: number): number => lattice[(y % cells) * cells + (x % cells)] ?? 0;
  for (let y = 0; y < SIDE; y++) {
    const cy = Math.floor(y * step);
    const v = fade(y * step - cy);
    for (let x = 0; x < SIDE; x++) {
      const cx = Math.floor(x * step);
      const u = fade(x * step - cx);
      const top = at(cx, cy) * (1 - u) + at(cx + 1, cy) * u;
      const bottom = at(cx, cy + 1) * (1 - u) + at(cx + 1, cy + 1) * u;
      sum[y * SIDE + x] = (sum[y * SIDE + x] ?? 0) + weight * (top * (1 - v) + bottom * v);
    }
  }
}

const fade = (t: number): number => t * t * (3 - 2 * t);

function normalised(values: Float64Array): Uint8Array {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return Uint8Array.from(values, (value) => Math.round(((value - low) / (high - low)) * 255));
}

/** Noise 0..1 at a point, read smoothly; the tile repeats every 1 in x and y. */
export function noiseAt(x: number, y: number): number {
  const values = noiseTile();
  const fx = (x - Math.floor(x)) * SIDE;
  const fy = (y - Math.floor(y)) * SIDE;
  const ix = Math.floor(fx);
  const iy = Math.floor(fy);
  const u = fx - ix;
  const v = fy - iy;
  const row = (iy & 255) << 8;
  const below = ((iy + 1) & 255) << 8;
  const left = ix & 255;
  const right = (ix + 1) & 255;
  const top = (values[row | left] ?? 0) * (1 - u) + (values[row | right] ?? 0) * u;
  const bottom = (values[below | left] ?? 0) * (1 - u) + (values[below | right] ?? 0) * u;
  return (top * (1 - v) + bottom * v) / 255;
}
