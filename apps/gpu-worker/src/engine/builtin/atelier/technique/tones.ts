import { noiseTile } from '../drawing/noise.js';
import { type Colour, mix, toRgb } from '../drawing/colour.js';
import { ease } from '../drawing/turn.js';
import type { Surface } from '../drawing/surface.js';

/** Maps every pixel of a scene through its lightness onto a ramp of inks. */
export function toInks(surface: Surface, dark: Colour, paper: Colour, keepColour: number): void {
  const ramp = Array.from({ length: 256 }, (_, i) => {
    const level = i / 255;
    return toRgb(mix(dark, paper, ease(0.05, 0.82, level) * 0.72 + level * 0.28));
  });
  const { rgb } = surface;
  for (let i = 0; i < rgb.length; i += 3) {
    const r = rgb[i] ?? 0;
    const g = rgb[i + 1] ?? 0;
    const b = rgb[i + 2] ?? 0;
    const tone = ramp[(r * 54 + g * 183 + b * 19) >> 8] ?? [0, 0, 0];
    const vivid = Math.max(r, g, b) - Math.min(r, g, b);
    const keep = keepColour * (r > b + 70 && r > g + 50 ? Math.min(1, vivid / 150) : 0);
    rgb[i] = tone[0] + (r - tone[0]) * keep;
    rgb[i + 1] = tone[1] + (g - tone[1]) * keep;
    rgb[i + 2] = tone[2] + (b - tone[2]) * keep;
  }
}

/** Thins colours with water: lighter, clearer, the darks kept for accents. */
export function toWash(surface: Surface): void {
  const { rgb, width, height } = surface;
  const tile = noiseTile();
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) {
      const bloom = ((tile[(((y >> 1) & 255) << 8) | ((x >> 1) & 255)] ?? 128) - 128) * 0.16;
      for (let c = 0; c < 3; c++) {
        const v = rgb[i + c] ?? 0;
        const lifted = v + (255 - v) * 0.12 * (v / 255 + 0.3) + bloom * (1 - v / 300);
        rgb[i + c] = lifted < 0 ? 0 : lifted > 252 ? 252 : lifted;
      }
    }
  }
}
