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
  // Written anew for each piece: there are a million of them in a second of film.
  readonly #run: Run = { to: 0, count: 0, x: 0, y: 0, dx: 0, dy: 0 };

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
    const run = this.#run;
    const from = column * CELL;
    run.count = Math.min(CELL, this.frame.width - from);
    run.to = (y * this.frame.width + from) * 3;
    run.x = x0;
    run.y = y0;
    run.dx = (x1 - x0) / CELL;
    run.dy = (y1 - y0) / CELL;
    lay(this.frame.rgb, layer, run);
  }
}

/** A piece of one row of the frame, and the way through the layer that it shows. */
interface Run {
  /** Its first byte in the frame, and its length in pixels. */
  to: number;
  count: number;
  x: number;
  y: number;
  dx: number;
  dy: number;
}

// Both runs read the layer between its pixels, in 256ths; what lies outside repeats its rim. They
// are written out by channel: see `drawing/pixel.ts`.
function coverRun(rgb: Uint8Array, { rgba, width, height }: Layer, run: Run): void {
  const { to, count, dx, dy } = run;
  let { x, y } = run;
  for (let n = 0, o = to; n < count; n++, o += 3, x += dx, y += dy) {
    const px = within(x, width);
    const py = within(y, height);
    const i = ((py | 0) * width + (px | 0)) * 4;
    const j = i + width * 4;
    const u = ((px - (px | 0)) * 256) | 0;
    const v = ((py - (py | 0)) * 256) | 0;
    rgb[o] = between(rgba, i, j, u, v);
    rgb[o + 1] = between(rgba, i + 1, j + 1, u, v);
    rgb[o + 2] = between(rgba, i + 2, j + 2, u, v);
  }
}

function blendRun(rgb: Uint8Array, { rgba, width, height }: Layer, run: Run): void {
  const { to, count, dx, dy } = run;
  let { x, y } = run;
  for (let n = 0, o = to; n < count; n++, o += 3, x += dx, y += dy) {
    const px = within(x, width);
    const py = within(y, height);
    const i = ((py | 0) * width + (px | 0)) * 4;
    const j = i + width * 4;
    const u = ((px - (px | 0)) * 256) | 0;
    const v = ((py - (py | 0)) * 256) | 0;
    const cover = between(rgba, i + 3, j + 3, u, v);
    if (cover === 0) continue;
    const seen = 255 - cover;
    rgb[o] = lit(between(rgba, i, j, u, v), (rgb[o] ?? 0) * seen);
    rgb[o + 1] = lit(between(rgba, i + 1, j + 1, u, v), (rgb[o + 1] ?? 0) * seen);
    rgb[o + 2] = lit(between(rgba, i + 2, j + 2, u, v), (rgb[o + 2] ?? 0) * seen);
  }
}

const within = (place: number, size: number): number =>
  place < 0 ? 0 : place > size - 1.01 ? size - 1.01 : place;

/** One channel between four pixels: at `i` and right of it, at `j` below and right of that. */
function between(rgba: Uint8Array, i: number, j: number, u: number, v: number): number {
  const above = (rgba[i] ?? 0) * (256 - u) + (rgba[i + 4] ?? 0) * u;
  const below = (rgba[j] ?? 0) * (256 - u) + (rgba[j + 4] ?? 0) * u;
  return (above * (256 - v) + below * v) >> 16;
}

// What comes in front, and what is seen of what was there, in 255ths.
function lit(front: number, behind: number): number {
  const sum = front + behind / 255;
  return sum > 255 ? 255 : sum;
}
