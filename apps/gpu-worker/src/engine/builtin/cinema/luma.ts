import type { Surface } from '../atelier/drawing/surface.js';

/** How bright a place of the frame is lit, 1 as painted. */
export type Lighting = (x: number, y: number) => number;

const CELL = 16;
const CELL_SHIFT = 4;

/** A frame as encoders take it: BT.709 in the range 16..235, colours at half the size (I420). */
export class LumaFrame {
  readonly yuv: Uint8ClampedArray;
  readonly #light: Float64Array;
  readonly #columns: number;

  /** @param frame of even width and height */
  constructor(private readonly frame: Surface) {
    const { width, height } = frame;
    this.yuv = new Uint8ClampedArray((width * height * 3) / 2);
    this.#columns = Math.ceil(width / CELL) + 1;
    this.#light = new Float64Array(this.#columns * (Math.ceil(height / CELL) + 1));
  }

  /** Takes the frame over, lit. */
  take(lighting: Lighting): Uint8ClampedArray {
    const { width, height } = this.frame;
    for (let at = 0; at < this.#light.length; at++) {
      const column = at % this.#columns;
      this.#light[at] = lighting(column * CELL, ((at - column) / this.#columns) * CELL);
    }
    for (let y = 0; y < height; y += 2) this.#twoRows(y, width, height);
    return this.yuv;
  }

  #twoRows(y: number, width: number, height: number): void {
    const { rgb } = this.frame;
    const yuv = this.yuv;
    const half = width >> 1;
    let u = width * height + (y >> 1) * half;
    let v = u + half * (height >> 1);
    for (let x = 0; x < width; x += 2) {
      const i = (y * width + x) * 3;
      const j = i + width * 3;
      const o = y * width + x;
      const lit = this.#lightAt(x, y);
      const r = (rgb[i] ?? 0) + (rgb[i + 3] ?? 0) + (rgb[j] ?? 0) + (rgb[j + 3] ?? 0);
      const g = (rgb[i + 1] ?? 0) + (rgb[i + 4] ?? 0) + (rgb[j + 1] ?? 0) + (rgb[j + 4] ?? 0);
      const b = (rgb[i + 2] ?? 0) + (rgb[i + 5] ?? 0) + (rgb[j + 2] ?? 0) + (rgb[j + 5] ?? 0);
      yuv[o] = lumaOf(rgb, i, lit);
      yuv[o + 1] = lumaOf(rgb, i + 3, lit);
      yuv[o + width] = lumaOf(rgb, j, lit);
      yuv[o + width + 1] = lumaOf(rgb, j + 3, lit);
      yuv[u++] = 128 + (-0.1006 * r - 0.3386 * g + 0.4392 * b) * 0.25 * lit;
      yuv[v++] = 128 + (0.4392 * r - 0.3989 * g - 0.0403 * b) * 0.25 * lit;
    }
  }

  #lightAt(x: number, y: number): number {
    const at = (y >> CELL_SHIFT) * this.#columns + (x >> CELL_SHIFT);
    const u = (x & (CELL - 1)) / CELL;
    const v = (y & (CELL - 1)) / CELL;
    const light = this.#light;
    const below = at + this.#columns;
    const top = (light[at] ?? 0) * (1 - u) + (light[at + 1] ?? 0) * u;
    return top * (1 - v) + ((light[below] ?? 0) * (1 - u) + (light[below + 1] ?? 0) * u) * v;
  }
}

function lumaOf(rgb: Uint8Array, at: number, lit: number): number {
  const luma =
    16 + (0.1826 * (rgb[at] ?? 0) + 0.6142 * (rgb[at + 1] ?? 0) + 0.062 * (rgb[at + 2] ?? 0)) * lit;
  return luma > 235 ? 235 : luma;
}
