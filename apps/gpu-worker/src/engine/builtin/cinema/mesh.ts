import type { Surface } from '../atelier/drawing/surface.js';
import type { Layer } from './layer.js';

/** Width and height of a cell of the mesh, in pixels of the frame. */
export const CELL = 8;
const CELL_ROWS = 4;

/** Where a point of the frame is looked up in a layer; writes `x` and `y` into `place`. */
export type Lookup = (x: number, y: number, place: { x: number; y: number }) => void;

/**
 * Draws layers into frames through a mesh: the place in the layer is worked out at the corners of
 * cells alone and runs evenly between them, so that any motion costs the same.
 */
export class Mesh {
  readonly #columns: number;
  readonly #rows: number;
  readonly #xs: Float64Array;
  readonly #ys: Float64Array;

  constructor(private readonly frame: Surface) {
    this.#columns = Math.ceil(frame.width / CELL) + 1;
    this.#rows = Math.ceil(frame.height / CELL_ROWS) + 1;
    this.#xs = new Float64Array(this.#columns * this.#rows);
    this.#ys = new Float64Array(this.#columns * this.#rows);
  }

  draw(layer: Layer, lookup: Lookup): void {
    const place = { x: 0, y: 0 };
    for (let r = 0, at = 0; r < this.#rows; r++) {
      for (let c = 0; c < this.#columns; c++, at++) {
        lookup(c * CELL, r * CELL_ROWS, place);
        this.#xs[at] = place.x;
        this.#ys[at] = place.y;
      }
    }
    const lay = layer.opaque ? coverRun : blendRun;
    for (let y = 0; y < this.frame.height; y++) {
      for (let c = 0; c + 1 < this.#columns; c++) this.#cell(layer, lay, y, c);
    }
  }

  // The part of one row of the frame that lies in one cell.
  #cell(layer: Layer, lay: typeof coverRun, y: number, column: number): void {
    const row = Math.floor(y / CELL_ROWS);
    const v = (y - row * CELL_ROWS) / CELL_ROWS;
    const at = row * this.#columns + column;
    const below = at + this.#columns;
    const [xs, ys] = [this.#xs, this.#ys];
    const x0 = (xs[at] ?? 0) * (1 - v) + (xs[below] ?? 0) * v;
    const y0 = (ys[at] ?? 0) * (1 - v) + (ys[below] ?? 0) * v;
    const x1 = (xs[at + 1] ?? 0) * (1 - v) + (xs[below + 1] ?? 0) * v;
    const y1 = (ys[at + 1] ?? 0) * (1 - v) + (ys[below + 1] ?? 0) * v;
    const from = column * CELL;
    const count = Math.min(CELL, this.frame.width - from);
    const to = (y * this.frame.width + from) * 3;
    lay(this.frame.rgb, to, count, layer, x0, y0, (x1 - x0) / CELL, (y1 - y0) / CELL);
  }
}

// Both runs read the layer between its pixels, in 256ths; what lies outside repeats its rim. They
// are written out by channel: see `drawing/pixel.ts`.
function coverRun(
  rgb: Uint8Array,
  to: number,
  count: number,
  { rgba, width, height }: Layer,
  sx: number,
  sy: number,
  dx: number,
  dy: number,
): void {
  const right = width - 1.01;
  const bottom = height - 1.01;
  for (let n = 0, o = to; n < count; n++, o += 3, sx += dx, sy += dy) {
    const px = sx < 0 ? 0 : sx > right ? right : sx;
    const py = sy < 0 ? 0 : sy > bottom ? bottom : sy;
    const ix = px | 0;
    const iy = py | 0;
    const u = ((px - ix) * 256) | 0;
    const v = ((py - iy) * 256) | 0;
    const i = (iy * width + ix) * 4;
    const j = i + width * 4;
    const d = u * v;
    const c = (v << 8) - d;
    const b = (u << 8) - d;
    const a = 65_536 - b - c - d;
    rgb[o] = (rgba[i]! * a + rgba[i + 4]! * b + rgba[j]! * c + rgba[j + 4]! * d) >> 16;
    rgb[o + 1] = (rgba[i + 1]! * a + rgba[i + 5]! * b + rgba[j + 1]! * c + rgba[j + 5]! * d) >> 16;
    rgb[o + 2] = (rgba[i + 2]! * a + rgba[i + 6]! * b + rgba[j + 2]! * c + rgba[j + 6]! * d) >> 16;
  }
}

function blendRun(
  rgb: Uint8Array,
  to: number,
  count: number,
  { rgba, width, height }: Layer,
  sx: number,
  sy: number,
  dx: number,
  dy: number,
): void {
  const right = width - 1.01;
  const bottom = height - 1.01;
  for (let n = 0, o = to; n < count; n++, o += 3, sx += dx, sy += dy) {
    const px = sx < 0 ? 0 : sx > right ? right : sx;
    const py = sy < 0 ? 0 : sy > bottom ? bottom : sy;
    const ix = px | 0;
    const iy = py | 0;
    const i = (iy * width + ix) * 4;
    const j = i + width * 4;
    if ((rgba[i + 3]! | rgba[i + 7]! | rgba[j + 3]! | rgba[j + 7]!) === 0) continue;
    const u = ((px - ix) * 256) | 0;
    const v = ((py - iy) * 256) | 0;
    const d = u * v;
    const c = (v << 8) - d;
    const b = (u << 8) - d;
    const a = 65_536 - b - c - d;
    const seen =
      255 - ((rgba[i + 3]! * a + rgba[i + 7]! * b + rgba[j + 3]! * c + rgba[j + 7]! * d) >> 16);
    rgb[o] = lit(rgba[i]! * a + rgba[i + 4]! * b + rgba[j]! * c + rgba[j + 4]! * d, rgb[o]! * seen);
    rgb[o + 1] = lit(
      rgba[i + 1]! * a + rgba[i + 5]! * b + rgba[j + 1]! * c + rgba[j + 5]! * d,
      rgb[o + 1]! * seen,
    );
    rgb[o + 2] = lit(
      rgba[i + 2]! * a + rgba[i + 6]! * b + rgba[j + 2]! * c + rgba[j + 6]! * d,
      rgb[o + 2]! * seen,
    );
  }
}

// What comes in front, in 65536ths, and what is seen of what was there, in 256ths.
function lit(front: number, behind: number): number {
  const sum = (front >> 16) + (behind >> 8);
  return sum > 255 ? 255 : sum;
}
