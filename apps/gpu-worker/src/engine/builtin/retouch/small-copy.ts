import type { Picture } from '../picture.js';
import { newLab, readLab } from './oklab.js';

/** A picture's colours in OKLab on a small grid: three numbers for each cell. */
export interface SmallCopy {
  readonly lab: Float32Array;
  /** 0..1 for each cell. */
  readonly alpha: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** A small copy whose longer side has at most `longest` cells, each the mean of some pixels. */
export function smallCopyOf({ rgba, width, height }: Picture, longest: number): SmallCopy {
  const scale = Math.max(1, Math.max(width, height) / longest);
  const w = Math.max(1, Math.round(width / scale));
  const h = Math.max(1, Math.round(height / scale));
  const lab = new Float32Array(w * h * 3);
  const alpha = new Float32Array(w * h);
  const looks = Math.max(1, Math.min(4, Math.floor(scale)));
  const one = newLab();
  for (let cell = 0; cell < w * h; cell++) {
    for (let look = 0; look < looks * looks; look++) {
      const x = ((cell % w) + ((look % looks) + 0.5) / looks) / w;
      const y = (Math.floor(cell / w) + (Math.floor(look / looks) + 0.5) / looks) / h;
      const i = (Math.floor(y * height) * width + Math.floor(x * width)) * 4;
      readLab(rgba, i, one);
      for (let c = 0; c < 3; c++) {
        lab[cell * 3 + c] = (lab[cell * 3 + c] ?? 0) + (one[c] ?? 0) / (looks * looks);
      }
      alpha[cell] = (alpha[cell] ?? 0) + (rgba[i + 3] ?? 0) / 255 / (looks * looks);
    }
  }
  return { lab, alpha, width: w, height: h };
}
