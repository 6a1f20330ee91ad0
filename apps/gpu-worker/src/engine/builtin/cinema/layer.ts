/** One plane of a film, larger than the frame so that the camera can move: RGBA, premultiplied. */
export interface Layer {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Covers everything behind it. */
  readonly opaque: boolean;
}

/** A layer that covers everything, from a picture of three or four bytes per pixel. */
export function solid(pixels: Uint8Array, width: number, height: number): Layer {
  const rgba = new Uint8Array(width * height * 4);
  const step = pixels.length / (width * height);
  for (let i = 0, o = 0; o < rgba.length; i += step, o += 4) {
    rgba[o] = pixels[i] ?? 0;
    rgba[o + 1] = pixels[i + 1] ?? 0;
    rgba[o + 2] = pixels[i + 2] ?? 0;
    rgba[o + 3] = 255;
  }
  return { rgba, width, height, opaque: true };
}

/** A picture (three bytes per pixel) cut out along a mask of one weight 0..255 per pixel. */
export function cutOut(rgb: Uint8Array, mask: Uint8Array, width: number): Layer {
  const rgba = new Uint8Array(mask.length * 4);
  for (let at = 0, i = 0, o = 0; at < mask.length; at++, i += 3, o += 4) {
    const a = mask[at] ?? 0;
    rgba[o] = ((rgb[i] ?? 0) * a) / 255;
    rgba[o + 1] = ((rgb[i + 1] ?? 0) * a) / 255;
    rgba[o + 2] = ((rgb[i + 2] ?? 0) * a) / 255;
    rgba[o + 3] = a;
  }
  return { rgba, width, height: mask.length / width, opaque: false };
}

/**
 * What was laid over a picture, taken off it again: `over = behind × (1 − cover) + veil`.
 *
 * @param behind @param over three bytes per pixel
 * @param cover 0..255 per pixel
 */
export function lifted(
  behind: Uint8Array,
  over: Uint8Array,
  cover: Uint8Array,
  width: number,
): Layer {
  const rgba = new Uint8Array(cover.length * 4);
  for (let at = 0, i = 0, o = 0; at < cover.length; at++, i += 3, o += 4) {
    const a = cover[at] ?? 0;
    if (a === 0) continue;
    for (let c = 0; c < 3; c++) {
      const veil = (over[i + c] ?? 0) - ((behind[i + c] ?? 0) * (255 - a)) / 255;
      // Light that was added may be more than it covers.
      rgba[o + c] = veil < 0 ? 0 : veil;
    }
    rgba[o + 3] = a;
  }
  return { rgba, width, height: cover.length / width, opaque: false };
}

/**
 * Where two pictures of three bytes per pixel differ: 0 nowhere, 255 from `full` byte steps on. What
 * differs less may be a shine that one sees through.
 */
export function differing(before: Uint8Array, after: Uint8Array, full = 1): Uint8Array {
  const mask = new Uint8Array(before.length / 3);
  for (let at = 0, i = 0; at < mask.length; at++, i += 3) {
    const r = Math.abs((before[i] ?? 0) - (after[i] ?? 0));
    const g = Math.abs((before[i + 1] ?? 0) - (after[i + 1] ?? 0));
    const b = Math.abs((before[i + 2] ?? 0) - (after[i + 2] ?? 0));
    mask[at] = Math.min(255, (Math.max(r, g, b) * 255) / full);
  }
  return mask;
}

/** Makes a mask's edge soft and a little wider; `reach` in pixels. */
export function feathered(mask: Uint8Array, width: number, reach: number): Uint8Array {
  const height = mask.length / width;
  const along = new Uint8Array(mask.length);
  const out = new Uint8Array(mask.length);
  for (let y = 0; y < height; y++) blurLine(mask, along, y * width, 1, width, reach);
  for (let x = 0; x < width; x++) blurLine(along, out, x, width, height, reach);
  for (let at = 0; at < out.length; at++) out[at] = Math.min(255, (out[at] ?? 0) * WIDENING);
  return out;
}

/** A blurred edge is half covered where the sharp one was; half as much again widens it. */
const WIDENING = 1.5;

function blurLine(
  from: Uint8Array,
  to: Uint8Array,
  start: number,
  step: number,
  length: number,
  reach: number,
): void {
  const span = 2 * reach + 1;
  const at = (i: number): number =>
    from[start + (i < 0 ? 0 : i >= length ? length - 1 : i) * step] ?? 0;
  let sum = 0;
  for (let i = -reach; i <= reach; i++) sum += at(i);
  for (let i = 0; i < length; i++) {
    to[start + i * step] = sum / span;
    sum += at(i + reach + 1) - at(i - reach);
  }
}
