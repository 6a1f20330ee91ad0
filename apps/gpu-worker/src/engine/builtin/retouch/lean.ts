import { noiseTile } from '../atelier/drawing/noise.js';
import { clamp, ease } from '../atelier/drawing/turn.js';
import type { Stage } from '../atelier/scene/stage.js';
import { Layout } from './layout.js';
import { newLab, readLab, writeLab } from './oklab.js';
import { paletteOf, paletteShift } from './palette.js';

/** The strengths at which the words' things, their near and their far surroundings come in. */
const ARRIVES = { cast: 0.36, near: 0.66, far: 0.74 } as const;
const HALF_BLEND = 0.1;
/** Detail from which on a part of the cast is a thing, and not its shadow or its light. */
const THING = 170;
const STRAYS = 0.12;

/**
 * Leans a scene on a picture, before it is painted. With growing strength the picture first takes
 * on the scene's palette, then its broad lights and colours while keeping its own structure; then
 * the things that the words name come in, and last what is around them.
 *
 * @param rgb of the picture, as large as the scene
 */
export function leanOn(stage: Stage, rgb: Uint8Array, strength: number): void {
  const { surface } = stage;
  const { width, height } = surface;
  const shift = paletteShift(paletteOf(rgb), paletteOf(surface.rgb), ease(0, 0.6, strength) * 0.85);
  const layout = new Layout(surface.rgb, width, height);
  layout.lessThat(new Layout(rgb, width, height), shift);
  const pull = ease(0.2, 0.85, strength) * 0.75;
  const [own, scene, broad] = [newLab(), newLab(), newLab()];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const arrived = arrivalAt(stage, x, y, strength);
      if (arrived >= 1) continue;
      readLab(rgb, i * 3, own);
      layout.read(x, y, broad);
      shift(own);
      if (arrived > 0) readLab(surface.rgb, i * 3, scene);
      for (let c = 0; c < 3; c++) {
        const value = (own[c] ?? 0) + pull * (broad[c] ?? 0);
        own[c] = value + ((scene[c] ?? 0) - value) * arrived;
      }
      writeLab(own, surface.rgb, i * 3);
    }
  }
  noteDetail(stage, rgb, strength);
}

// How far the scene's own pixel has come in, 0..1. Noise keeps the fronts from being level.
function arrivalAt({ surface, cast, unit }: Stage, x: number, y: number, strength: number): number {
  const i = y * surface.width + x;
  if (cast?.[i] === 1 && (surface.detail[i] ?? 0) >= THING) {
    return ease(ARRIVES.cast - HALF_BLEND / 2, ARRIVES.cast + HALF_BLEND / 2, strength);
  }
  const near = (surface.detail[i] ?? 0) / 255;
  const tile = (((y * 160) / unit) & 255) << 8;
  const stray = (noiseTile()[tile | (((x * 160) / unit) & 255)] ?? 128) / 255 - 0.5;
  const order = ARRIVES.far + (ARRIVES.near - ARRIVES.far) * near + stray * STRAYS * 2;
  return ease(order - HALF_BLEND, order + HALF_BLEND, strength);
}

// The painter looks closely where the picture has edges, the less so the weaker its hold.
function noteDetail(stage: Stage, rgb: Uint8Array, strength: number): void {
  const { detail, width, height } = stage.surface;
  const hold = 1 - strength * 0.7;
  const reach = Math.max(1, Math.round(stage.unit / 500));
  for (let y = 0, i = 0; y < height; y++) {
    const up = Math.max(0, y - reach) * width;
    const down = Math.min(height - 1, y + reach) * width;
    for (let x = 0; x < width; x++, i++) {
      const left = Math.max(0, x - reach);
      const right = Math.min(width - 1, x + reach);
      const steep =
        Math.abs((rgb[(y * width + right) * 3 + 1] ?? 0) - (rgb[(y * width + left) * 3 + 1] ?? 0)) +
        Math.abs((rgb[(down + x) * 3 + 1] ?? 0) - (rgb[(up + x) * 3 + 1] ?? 0));
      const care = clamp(24 + steep * 2.2, 0, 210) * hold;
      detail[i] = Math.max((detail[i] ?? 0) * strength, care);
    }
  }
}
