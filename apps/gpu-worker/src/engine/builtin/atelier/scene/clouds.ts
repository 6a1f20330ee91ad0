import { type Colour, lighter, mix, toRgb } from '../drawing/colour.js';
import { noiseAt } from '../drawing/noise.js';
import { coverPixel } from '../drawing/pixel.js';
import { clamp, ease } from '../drawing/turn.js';
import type { Stage } from './stage.js';

/** Clouds as the weather asks: heavy, fair or none. */
export function paintClouds(stage: Stage, bottom: number): void {
  const { brief, light } = stage;
  if (brief.weather.has('clear') || stage.banned('weather', 'cloud')) return;
  const heavy =
    brief.weather.has('storm') || brief.weather.has('rain') || brief.weather.has('cloud');
  const random = stage.chance('clouds');
  const cover = heavy ? 0.4 : random.range(0.5, 0.62) + (light.time === 'night' ? 0.06 : 0);
  const bright = mix(light.beam, light.low, heavy ? 0.75 : 0.25);
  const dark = mix(light.middle, light.top, heavy ? 0.8 : 0.4);
  const stops = [lighter(dark, heavy ? -0.09 : -0.02), dark, mix(dark, bright, 0.6), bright];
  drawClouds(stage, bottom, { cover, stops, ox: random.next(), oy: random.next() });
}

interface CloudPlan {
  cover: number;
  stops: readonly Colour[];
  ox: number;
  oy: number;
}

// A field of noise flattened towards the horizon; its slope towards the sun gives the light.
function drawClouds(stage: Stage, bottom: number, plan: CloudPlan): void {
  const { surface, unit } = stage;
  const ramp = Array.from({ length: 33 }, (_, i) => {
    const p = (i / 32) * 3;
    const k = Math.min(2, Math.floor(p));
    const [from, to] = [plan.stops[k] ?? stage.light.low, plan.stops[k + 1] ?? stage.light.low];
    return Uint8Array.from(toRgb(mix(from, to, p - k)));
  });
  const toSun = stage.sun.x * unit;
  const field = (u: number, v: number): number =>
    0.72 * noiseAt(u + plan.ox, v + plan.oy) + 0.28 * noiseAt(u * 3.1 + plan.oy, v * 3.1);
  const rows = Math.min(surface.height, Math.ceil(bottom * unit));
  for (let y = 0; y < rows; y += 2) {
    const far = 1 - y / (bottom * unit);
    const v = 0.55 / (far + 0.55);
    const scale = (0.3 + 0.25 * v) / unit;
    for (let x = 0; x < surface.width; x += 2) {
      const u = x * scale;
      const density = field(u, v);
      const cover = ease(plan.cover, plan.cover + 0.2, density);
      if (cover < 0.02) continue;
      const shade = field(u + (x < toSun ? 0.016 : -0.016), v - 0.014);
      const lightIndex = Math.round(
        clamp(0.5 + (density - shade) * 5 - (density - plan.cover) * 0.7) * 32,
      );
      blendSquare(stage, x, y, ramp[lightIndex] ?? BLACK, cover * (0.92 - 0.35 * (1 - far)));
    }
  }
}

const BLACK = new Uint8Array(3);

function blendSquare(stage: Stage, x: number, y: number, colour: Uint8Array, a: number): void {
  const { rgb, width, height } = stage.surface;
  for (let dy = 0; dy < 2 && y + dy < height; dy++) {
    for (let dx = 0; dx < 2 && x + dx < width; dx++) {
      const at = ((y + dy) * width + x + dx) * 3;
      coverPixel(rgb, at, colour, 0, a);
      if (stage.film) stage.film.cloudCover[at / 3] = Math.round(a * 255);
    }
  }
}
