import { noiseTile } from '../drawing/noise.js';
import { dimPixel, shiftPixel } from '../drawing/pixel.js';
import { clamp, ease } from '../drawing/turn.js';
import type { Canvas } from './canvas.js';

/** Raking light over the relief of the paint, from the upper left; `strength` in byte steps. */
export function rakeLight(canvas: Canvas, strength: number): void {
  const { rgb, relief, width, height } = canvas;
  for (let y = 1; y < height; y++) {
    for (let x = 1; x < width; x++) {
      const at = y * width + x;
      const here = relief[at] ?? 0;
      const slope = 2 * here - (relief[at - 1] ?? 0) - (relief[at - width] ?? 0);
      if (slope === 0) continue;
      const light = clamp(Math.round((slope * strength) / 64), -26, 30);
      shiftPixel(rgb, at * 3, light);
    }
  }
}

/** The weave of canvas or the tooth of paper, as a fine play of lightness. */
export function addGrain(
  rgb: Uint8Array,
  width: number,
  height: number,
  strength: number,
  weave: boolean,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const n = speck(x, y);
      const thread = weave ? ((x & 3) === 0 ? -24 : 0) + ((y & 3) === 0 ? -24 : 12) : 0;
      const shift = ((n - 128 + thread) * strength) >> 7;
      shiftPixel(rgb, (y * width + x) * 3, shift);
    }
  }
}

// A byte for each point; neighbours share a part, so that the grain is not mere static.
function speck(x: number, y: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h ^= h >>> 13;
  let broad = Math.imul(x >> 1, 0x9e3779b1) ^ Math.imul(y >> 1, 0x7feb352d);
  broad = Math.imul(broad ^ (broad >>> 15), 0xc2b2ae35);
  return (((h >>> 8) & 255) + ((broad >>> 20) & 255)) >> 1;
}

/** Leaves the sheet bare at its rim, with a torn wet edge, as watercolour on taped paper. */
export function leaveMargin(canvas: Canvas, paper: readonly [number, number, number]): void {
  const { rgb, width, height } = canvas;
  const tile = noiseTile();
  const unit = Math.min(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inset = Math.min(x, y, width - 1 - x, height - 1 - y) / unit;
      if (inset > 0.11) continue;
      const n = tile[((((y * 500) / unit) & 255) << 8) | (((x * 500) / unit) & 255)] ?? 128;
      const big = tile[((((y * 130) / unit) & 255) << 8) | (((x * 130) / unit) & 255)] ?? 128;
      const edge = inset - 0.032 - (big / 255) * 0.016 - (n / 255) * 0.01;
      const bare = 1 - ease(-0.003, 0.003, edge);
      const rim = edge > 0 ? (1 - ease(0, 0.009, edge)) * 0.14 : 0;
      for (let c = 0, i = (y * width + x) * 3; c < 3; c++, i++) {
        const ink = (rgb[i] ?? 0) * (1 - rim);
        rgb[i] = ink + ((paper[c] ?? 0) - ink) * bare;
      }
    }
  }
}

/** Darkens towards the corners, slightly. */
export function vignette(rgb: Uint8Array, width: number, height: number, strength: number): void {
  for (let y = 0; y < height; y++) {
    const v = (y / height) * 2 - 1;
    for (let x = 0; x < width; x++) {
      const u = (x / width) * 2 - 1;
      const r = u * u + v * v;
      if (r < 0.7) continue;
      dimPixel(rgb, (y * width + x) * 3, 1 - (r - 0.7) * strength);
    }
  }
}
