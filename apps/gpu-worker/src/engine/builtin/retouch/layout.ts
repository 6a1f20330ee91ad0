import { type Lab, newLab, readLab } from './oklab.js';
import type { Shift } from './palette.js';

const CELLS = 40;

/** The broad lights and colours of a picture without its detail: about 40 cells along each side. */
export class Layout {
  readonly #columns: number;
  readonly #rows: number;
  readonly #cells: Float64Array;

  constructor(
    rgb: Uint8Array,
    private readonly width: number,
    private readonly height: number,
  ) {
    this.#columns = Math.min(CELLS, width);
    this.#rows = Math.min(CELLS, height);
    this.#cells = new Float64Array(this.#columns * this.#rows * 3);
    this.#measure(rgb);
    for (let round = 0; round < 2; round++) {
      this.#soften(this.#columns, this.#rows, 3, this.#columns * 3);
      this.#soften(this.#rows, this.#columns, this.#columns * 3, 3);
    }
  }

  /** Turns this into how far another picture's layout of the same size, once shifted, is from it. */
  lessThat(other: Layout, shift: Shift): void {
    const lab = newLab();
    for (let i = 0; i < this.#cells.length; i += 3) {
      lab.set(other.#cells.subarray(i, i + 3));
      shift(lab);
      for (let c = 0; c < 3; c++) this.#cells[i + c] = (this.#cells[i + c] ?? 0) - (lab[c] ?? 0);
    }
  }

  /** Reads the colour at a pixel, smoothly between cells, into `to`. */
  read(x: number, y: number, to: Lab): void {
    const cx = Math.max(
      0,
      Math.min(this.#columns - 1, ((x + 0.5) / this.width) * this.#columns - 0.5),
    );
    const cy = Math.max(0, Math.min(this.#rows - 1, ((y + 0.5) / this.height) * this.#rows - 0.5));
    const left = cx | 0;
    const top = cy | 0;
    const u = cx - left;
    const v = cy - top;
    const right = left + 1 < this.#columns ? 3 : 0;
    const below = top + 1 < this.#rows ? this.#columns * 3 : 0;
    const at = (top * this.#columns + left) * 3;
    const cells = this.#cells;
    for (let c = 0; c < 3; c++) {
      const i = at + c;
      const upper = (cells[i] ?? 0) * (1 - u) + (cells[i + right] ?? 0) * u;
      const lower = (cells[i + below] ?? 0) * (1 - u) + (cells[i + below + right] ?? 0) * u;
      to[c] = upper * (1 - v) + lower * v;
    }
  }

  // Sixty-four looks at each cell are enough for its mean.
  #measure(rgb: Uint8Array): void {
    const counts = new Float64Array(this.#columns * this.#rows);
    const lab = newLab();
    const stepX = Math.max(1, Math.floor(this.width / this.#columns / 8));
    const stepY = Math.max(1, Math.floor(this.height / this.#rows / 8));
    for (let y = 0; y < this.height; y += stepY) {
      const row = Math.floor((y / this.height) * this.#rows) * this.#columns;
      for (let x = 0; x < this.width; x += stepX) {
        const cell = row + Math.floor((x / this.width) * this.#columns);
        readLab(rgb, (y * this.width + x) * 3, lab);
        for (let c = 0; c < 3; c++) {
          this.#cells[cell * 3 + c] = (this.#cells[cell * 3 + c] ?? 0) + (lab[c] ?? 0);
        }
        counts[cell] = (counts[cell] ?? 0) + 1;
      }
    }
    for (let i = 0; i < this.#cells.length; i++) {
      this.#cells[i] = (this.#cells[i] ?? 0) / (counts[(i / 3) | 0] ?? 1);
    }
  }

  // Each cell takes a quarter of each neighbour along one axis.
  #soften(length: number, lines: number, step: number, lineStep: number): void {
    const cells = this.#cells;
    for (let line = 0; line < lines; line++) {
      for (let c = 0; c < 3; c++) {
        let before = cells[line * lineStep + c] ?? 0;
        for (let i = 0, at = line * lineStep + c; i < length; i++, at += step) {
          const here = cells[at] ?? 0;
          const after = i + 1 < length ? (cells[at + step] ?? 0) : here;
          cells[at] = here * 0.5 + (before + after) * 0.25;
          before = here;
        }
      }
    }
  }
}
