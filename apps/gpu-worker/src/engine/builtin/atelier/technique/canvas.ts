import { BREADTH, bends, LENGTH, type Tip } from './tips.js';

export interface Stroke {
  x: number;
  y: number;
  /** Unit direction. */
  dx: number;
  dy: number;
  length: number;
  width: number;
  /** 0..6; 3 is straight. */
  bend: number;
  /** 0xRRGGBB */
  colour: number;
  /** 0..256 */
  alpha: number;
  tip: Tip;
  /** How thick the paint lies, 0..256. */
  body: number;
}

interface RowStart {
  x: number;
  y: number;
  u: number;
  v: number;
}

/** What is painted on: colours and the height of the paint. */
export class Canvas {
  readonly rgb: Uint8Array;
  readonly relief: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.rgb = new Uint8Array(width * height * 3);
    this.relief = new Uint8Array(width * height);
  }

  colourAt(x: number, y: number): number {
    const at = (y * this.width + x) * 3;
    return ((this.rgb[at] ?? 0) << 16) | ((this.rgb[at + 1] ?? 0) << 8) | (this.rgb[at + 2] ?? 0);
  }

  /** Lays one stroke down: the tip stretched over a bent rectangle. */
  stroke(s: Stroke): void {
    const halfLength = s.length / 2;
    const reach = s.width * 0.9;
    const ex = Math.abs(s.dx) * halfLength + Math.abs(s.dy) * reach;
    const ey = Math.abs(s.dy) * halfLength + Math.abs(s.dx) * reach;
    const y1 = Math.min(this.height - 1, Math.floor(s.y + ey));
    const du = (s.dx / s.length) * LENGTH;
    const dv = (-s.dy / s.width) * BREADTH;
    for (let y = Math.max(0, Math.ceil(s.y - ey)); y <= y1; y++) {
      const ry = y - s.y;
      const u0 = ((ry * s.dy) / s.length + 0.5) * LENGTH;
      const v0 = ((ry * s.dx) / s.width + 0.5) * BREADTH;
      let from = s.x - ex;
      let to = s.x + ex;
      if (du !== 0) {
        const a = s.x - u0 / du;
        const b = s.x + (LENGTH - u0) / du;
        from = Math.max(from, Math.min(a, b));
        to = Math.min(to, Math.max(a, b));
      }
      if (dv !== 0) {
        const a = s.x + (-BREADTH * 0.42 - v0) / dv;
        const b = s.x + (BREADTH * 1.42 - v0) / dv;
        from = Math.max(from, Math.min(a, b));
        to = Math.min(to, Math.max(a, b));
      }
      const x0 = Math.max(0, Math.ceil(from));
      const start = { x: x0, y, u: u0 + (x0 - s.x) * du, v: v0 + (x0 - s.x) * dv };
      this.#row(s, start, Math.min(this.width - 1, Math.floor(to)), du, dv);
    }
  }

  // One row of a stroke: u and v are the tip's coordinates and step by du and dv per pixel.
  #row(s: Stroke, start: RowStart, x1: number, du: number, dv: number): void {
    const { rgb, relief } = this;
    const bend = bends[s.bend] ?? bends[3];
    const { tip, alpha, body } = s;
    const r = (s.colour >> 16) & 255;
    const g = (s.colour >> 8) & 255;
    const b = s.colour & 255;
    let { u, v } = start;
    for (let x = start.x, at = start.y * this.width + x; x <= x1; x++, at++, u += du, v += dv) {
      const ui = u | 0;
      if (ui < 0 || ui >= LENGTH) continue;
      const vi = (v - (bend?.[ui] ?? 0)) | 0;
      if (vi < 0 || vi >= BREADTH) continue;
      const paint = tip[vi * LENGTH + ui] ?? 0;
      if (paint === 0) continue;
      const a = (paint * alpha) >> 8;
      const i = at * 3;
      const ro = rgb[i] ?? 0;
      const go = rgb[i + 1] ?? 0;
      const bo = rgb[i + 2] ?? 0;
      rgb[i] = ro + (((r - ro) * a) >> 8);
      rgb[i + 1] = go + (((g - go) * a) >> 8);
      rgb[i + 2] = bo + (((b - bo) * a) >> 8);
      const under = relief[at] ?? 0;
      relief[at] = under + (((((paint * body) >> 8) - under) * a) >> 8);
    }
  }
}
