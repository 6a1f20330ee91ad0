import type { Picture } from '../picture.js';
import type { Work } from '../tasks.js';

/** How far beyond its surroundings' lightness a pixel may go, in byte steps and in their range. */
const SLACK = 3;
const OVERSHOOT = 0.12;

/**
 * Sharpens a resampled picture by back-projection (Irani and Peleg 1991): each pass shrinks it
 * again, and adds what is then missing of the original's lightness. Bounds from the original's
 * neighbourhoods keep halos away. Classical: details that the original has not do not appear.
 */
export class Enlargement implements Work {
  readonly #original: Float32Array;
  readonly #low: Float32Array;
  readonly #high: Float32Array;
  readonly #light: Float32Array;
  #done = 0;

  constructor(
    private readonly picture: Picture,
    private readonly enlarged: Picture,
    private readonly scale: 2 | 4,
    readonly steps: number,
  ) {
    this.#original = lightOf(picture);
    this.#light = lightOf(enlarged);
    this.#low = reachOf(this.#original, picture.width, -1);
    this.#high = reachOf(this.#original, picture.width, 1);
    for (let i = 0; i < this.#low.length; i++) {
      const [low, high] = [this.#low[i] ?? 0, this.#high[i] ?? 0];
      const slack = SLACK + (high - low) * OVERSHOOT;
      this.#low[i] = low - slack;
      this.#high[i] = high + slack;
    }
  }

  pass(): number {
    if (this.#done >= this.steps) return this.#done;
    this.#done++;
    const missing = this.#missing();
    for (let y = 0; y < this.enlarged.height; y++) this.#addRow(missing, y);
    return this.#done;
  }

  finish(): Picture {
    const { rgba, width, height } = this.enlarged;
    const out = new Uint8Array(rgba.length);
    for (let i = 0, o = 0; o < out.length; i++, o += 4) {
      const r = rgba[o] ?? 0;
      const g = rgba[o + 1] ?? 0;
      const b = rgba[o + 2] ?? 0;
      const step = Math.round((this.#light[i] ?? 0) - lightness(r, g, b));
      out[o] = clampByte(r + step);
      out[o + 1] = clampByte(g + step);
      out[o + 2] = clampByte(b + step);
      out[o + 3] = rgba[o + 3] ?? 0;
    }
    return { rgba: out, width, height };
  }

  // The original less what the enlarged picture gives when it is shrunk.
  #missing(): Float32Array {
    const { width, height } = this.picture;
    const { scale } = this;
    const wide = width * scale;
    const missing = new Float32Array(width * height);
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        let sum = 0;
        for (let v = 0; v < scale; v++) {
          const row = (y * scale + v) * wide + x * scale;
          for (let u = 0; u < scale; u++) sum += this.#light[row + u] ?? 0;
        }
        missing[i] = (this.#original[i] ?? 0) - sum / (scale * scale);
      }
    }
    return missing;
  }

  // Between the original's pixels, what is missing is mixed from the four nearest.
  #addRow(missing: Float32Array, y: number): void {
    const { scale } = this;
    const { width, height } = this.picture;
    const cy = (y + 0.5) / scale - 0.5;
    const top = Math.floor(cy);
    const v = cy - top;
    const upper = Math.max(0, top) * width;
    const lower = Math.min(height - 1, top + 1) * width;
    const own = Math.floor(y / scale) * width;
    for (let x = 0, i = y * this.enlarged.width; x < this.enlarged.width; x++, i++) {
      const cx = (x + 0.5) / scale - 0.5;
      const floor = Math.floor(cx);
      const u = cx - floor;
      const left = floor < 0 ? 0 : floor;
      const right = floor + 1 < width ? floor + 1 : width - 1;
      const above = (missing[upper + left] ?? 0) * (1 - u) + (missing[upper + right] ?? 0) * u;
      const below = (missing[lower + left] ?? 0) * (1 - u) + (missing[lower + right] ?? 0) * u;
      const value = (this.#light[i] ?? 0) + above * (1 - v) + below * v;
      const at = own + ((x / scale) | 0);
      const low = this.#low[at] ?? 0;
      const high = this.#high[at] ?? 0;
      this.#light[i] = value < low ? low : value > high ? high : value;
    }
  }
}

function lightOf({ rgba }: Picture): Float32Array {
  const light = new Float32Array(rgba.length / 4);
  for (let i = 0, o = 0; i < light.length; i++, o += 4) {
    light[i] = lightness(rgba[o] ?? 0, rgba[o + 1] ?? 0, rgba[o + 2] ?? 0);
  }
  return light;
}

const lightness = (r: number, g: number, b: number): number => (r * 54 + g * 183 + b * 19) / 256;

// The least (`way` -1) or greatest (1) value in each pixel's neighbourhood of three by three.
function reachOf(values: Float32Array, width: number, way: 1 | -1): Float32Array {
  const along = new Float32Array(values.length);
  const out = new Float32Array(values.length);
  const furthest = (a: number, b: number, c: number): number =>
    way > 0 ? Math.max(a, b, c) : Math.min(a, b, c);
  for (let i = 0; i < values.length; i++) {
    const x = i % width;
    const here = values[i] ?? 0;
    const left = x > 0 ? (values[i - 1] ?? 0) : here;
    along[i] = furthest(left, here, x < width - 1 ? (values[i + 1] ?? 0) : here);
  }
  for (let i = 0; i < values.length; i++) {
    const here = along[i] ?? 0;
    out[i] = furthest(along[i - width] ?? here, here, along[i + width] ?? here);
  }
  return out;
}

const clampByte = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value);
