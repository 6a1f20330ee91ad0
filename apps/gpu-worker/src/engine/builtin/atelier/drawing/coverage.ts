import type { Outline } from './outline.js';

/** Receives one row of coverage: `cover[x]` in 0..1 for x in [from, to). */
export type RowSink = (y: number, from: number, to: number, cover: Float32Array) => void;

/**
 * Exact-area polygon coverage by signed-area accumulation, the method of font rasterisers
 * (Levien's font-rs; FreeType's "smooth" before it). Outlines of one call form one shape.
 */
export class Coverage {
  readonly #width: number;
  readonly #height: number;
  readonly #area: Float32Array;
  readonly #row: Float32Array;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#area = new Float32Array((width + 2) * height + 2);
    this.#row = new Float32Array(width + 2);
  }

  /** Scans the outlines (in pixels) and hands every touched row to the sink. */
  scan(outlines: readonly Outline[], sink: RowSink): void {
    let [left, top, right, bottom] = [this.#width, this.#height, 0, 0];
    for (const outline of outlines) {
      for (let i = 0; i < outline.length; i += 2) {
        const x = outline[i] ?? 0;
        const y = outline[i + 1] ?? 0;
        const j = i + 2 < outline.length ? i + 2 : 0;
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        if (y > bottom) bottom = y;
        this.#edge(x, y, outline[j] ?? 0, outline[j + 1] ?? 0);
      }
    }
    const x0 = Math.max(0, Math.floor(left));
    const x1 = Math.min(this.#width, Math.ceil(right) + 1);
    const y1 = Math.min(this.#height, Math.ceil(bottom));
    for (let y = Math.max(0, Math.floor(top)); y < y1; y++) this.#sweep(y, x0, x1, sink);
  }

  #sweep(y: number, x0: number, x1: number, sink: RowSink): void {
    const area = this.#area;
    const row = this.#row;
    const base = y * (this.#width + 2);
    let sum = 0;
    for (let x = x0; x < x1; x++) {
      sum += area[base + x] ?? 0;
      area[base + x] = 0;
      const cover = sum < 0 ? -sum : sum;
      row[x] = cover > 1 ? 1 : cover < 0.002 ? 0 : cover;
    }
    area[base + x1] = 0;
    area[base + x1 + 1] = 0;
    if (x1 > x0) sink(y, x0, x1, row);
  }

  #edge(ax: number, ay: number, bx: number, by: number): void {
    if (ay === by) return;
    const direction = ay < by ? 1 : -1;
    const [x0, y0, x1, y1] = ay < by ? [ax, ay, bx, by] : [bx, by, ax, ay];
    const slope = (x1 - x0) / (y1 - y0);
    const first = y0 < 0 ? 0 : y0;
    const last = y1 > this.#height ? this.#height : y1;
    let x = x0 + (first - y0) * slope;
    for (let y = Math.floor(first); y < last; y++) {
      const from = y > first ? y : first;
      const to = y + 1 < last ? y + 1 : last;
      const next = x + (to - from) * slope;
      this.#span(y, direction * (to - from), x, next);
      x = next;
    }
  }

  // Spreads one edge piece of signed height `d` over the cells that it crosses in a row.
  #span(y: number, d: number, xa: number, xb: number): void {
    const area = this.#area;
    const base = y * (this.#width + 2);
    const limit = this.#width;
    const low = clampTo(xa < xb ? xa : xb, limit);
    const high = clampTo(xa < xb ? xb : xa, limit);
    const cell = Math.floor(low);
    if (high <= cell + 1) {
      const share = 1 - ((low + high) / 2 - cell);
      area[base + cell] = (area[base + cell] ?? 0) + d * share;
      area[base + cell + 1] = (area[base + cell + 1] ?? 0) + d * (1 - share);
      return;
    }
    const per = d / (high - low);
    let covered = 0;
    for (let c = cell; c < high; c++) {
      const from = c < low ? low : c;
      const to = c + 1 > high ? high : c + 1;
      const piece = per * (to - from);
      const share = 1 - ((from + to) / 2 - c);
      area[base + c] = (area[base + c] ?? 0) + piece * share;
      area[base + c + 1] = (area[base + c + 1] ?? 0) + piece * (1 - share);
      covered += piece;
    }
    area[base + cell] = (area[base + cell] ?? 0) + (d - covered);
  }
}

const clampTo = (x: number, limit: number): number => (x < 0 ? 0 : x > limit ? limit : x);
