import type { Picture } from '../picture.js';

/** A small copy of a picture as lightness and two colour differences (BT.601, 0..255), cell by cell. */
export interface Tints {
  readonly y: Float32Array;
  readonly cb: Float32Array;
  readonly cr: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Cells of the longer side. */
const LONGEST = 160;
/** Looks at a cell in each direction. */
const LOOKS = 3;

/** Reads one pixel into `into`: red, green, blue, 0..255. */
export type ReadPixel = (x: number, y: number, into: Float64Array) => void;

export function tintsOf(width: number, height: number, read: ReadPixel): Tints {
  const scale = Math.max(1, Math.max(width, height) / LONGEST);
  const across = Math.max(1, Math.round(width / scale));
  const down = Math.max(1, Math.round(height / scale));
  const [y, cb, cr] = [0, 0, 0].map(() => new Float32Array(across * down)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const pixel = new Float64Array(3);
  const share = 1 / (LOOKS * LOOKS);
  for (let cell = 0; cell < across * down; cell++) {
    for (let look = 0; look < LOOKS * LOOKS; look++) {
      const u = ((cell % across) + ((look % LOOKS) + 0.5) / LOOKS) / across;
      const v = (Math.floor(cell / across) + (Math.floor(look / LOOKS) + 0.5) / LOOKS) / down;
      read(Math.floor(u * width), Math.floor(v * height), pixel);
      const [r, g, b] = [(pixel[0] ?? 0) * share, (pixel[1] ?? 0) * share, (pixel[2] ?? 0) * share];
      y[cell] = (y[cell] ?? 0) + 0.299 * r + 0.587 * g + 0.114 * b;
      cb[cell] = (cb[cell] ?? 0) + 128 * share - 0.1687 * r - 0.3313 * g + 0.5 * b;
      cr[cell] = (cr[cell] ?? 0) + 128 * share + 0.5 * r - 0.4187 * g - 0.0813 * b;
    }
  }
  return { y, cb, cr, width: across, height: down };
}

/** Of a decoded picture; what is transparent lies on white. */
export function pixelsIn({ rgba, width }: Picture): ReadPixel {
  return (x, y, into) => {
    const at = (y * width + x) * 4;
    const alpha = (rgba[at + 3] ?? 0) / 255;
    for (let c = 0; c < 3; c++) into[c] = (rgba[at + c] ?? 0) * alpha + 255 * (1 - alpha);
  };
}
