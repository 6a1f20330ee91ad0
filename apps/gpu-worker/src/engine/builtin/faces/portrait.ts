import type { Picture } from '../picture.js';
import { TaskRefused } from '../tasks.js';
import { findFace } from './find-face.js';
import { scaled, type Oval } from './oval.js';
import { pixelsIn, type ReadPixel, tintsOf } from './tints.js';

/** A face that is to be seen elsewhere. */
export interface Portrait {
  /** Its colour at a place of its oval, `u` and `v` in -1..1. */
  readonly at: (u: number, v: number, into: Float64Array) => void;
}

/** The largest face-like region of a picture, in pixels. */
export function faceIn(width: number, height: number, read: ReadPixel): Oval | undefined {
  const tints = tintsOf(width, height, read);
  const oval = findFace(tints);
  return oval && scaled(oval, width / tints.width, height / tints.height);
}

/** @throws TaskRefused `engine.face_not_found` */
export function portraitOf(picture: Picture): Portrait {
  const read = pixelsIn(picture);
  const { width, height } = picture;
  const oval = faceIn(width, height, read);
  if (!oval) throw faceNotFound('face');
  const { cx, cy, rx, ry } = oval;
  const [a, b] = [new Float64Array(3), new Float64Array(3)];
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value));
  return {
    at: (u, v, into) => {
      const x = clamp(cx + u * rx - 0.5, width - 1);
      const y = clamp(cy + v * ry - 0.5, height - 1);
      const [x0, y0] = [Math.floor(x), Math.floor(y)];
      const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
      const [s, t] = [x - x0, y - y0];
      read(x0, y0, a);
      read(x1, y0, b);
      for (let c = 0; c < 3; c++) into[c] = ((a[c] ?? 0) * (1 - s) + (b[c] ?? 0) * s) * (1 - t);
      read(x0, y1, a);
      read(x1, y1, b);
      for (let c = 0; c < 3; c++)
        into[c] = (into[c] ?? 0) + ((a[c] ?? 0) * (1 - s) + (b[c] ?? 0) * s) * t;
    },
  };
}

/** @param where in which of the pictures */
export const faceNotFound = (where: 'image' | 'face' | 'video'): TaskRefused =>
  new TaskRefused(
    'engine.face_not_found',
    `no face-like region was found in the ${where}: send one with a face from the front, upright, in daylight colours and large enough`,
  );
