import { lch, lighter, mix, type Rgb, toRgb } from '../drawing/colour.js';
import { noiseAt } from '../drawing/noise.js';
import { spline } from '../drawing/outline.js';
import { clamp } from '../drawing/turn.js';
import { hues } from './hues.js';
import type { Stage } from './stage.js';
import { paintCrests } from './waves.js';

export interface WaterPlan {
  /** 0 a mirror .. 1 a storm. */
  roughness: number;
  /** Share of the world above that shows in it, 0..1. */
  mirror: number;
  /** Where the surface ends, in units; to the lower edge when absent. */
  bottom?: number;
}

/** Water from the horizon down: it mirrors what is above it, broken by waves. */
export function paintWater(stage: Stage, plan: WaterPlan): void {
  const { surface, unit, horizon } = stage;
  const top = Math.round(horizon * unit);
  const bottom = Math.min(surface.height, Math.round((plan.bottom ?? stage.height) * unit));
  const ramp = waterRamp(stage);
  for (let y = top; y < bottom; y++) {
    const below = (y - top) / unit;
    const near = below / Math.max(0.05, stage.height - horizon);
    const waves = waveRow(stage, below, plan.roughness);
    const share = plan.mirror * (1 - near * 0.5);
    for (let x = 0; x < surface.width; x++) {
      const wave = waves(x / unit);
      const shade = ramp[
        Math.round(clamp(near * 0.62 + 0.3 - wave * (0.5 + plan.roughness * 0.5)) * 32)
      ] ?? [0, 0, 0];
      reflectPixel(stage, { x, y, top }, wave * (0.02 + near * 0.16), shade, share);
    }
  }
  surface.flow.fill(0, top * surface.width, bottom * surface.width);
  surface.detail.fill(
    Math.round(60 + plan.roughness * 60),
    top * surface.width,
    bottom * surface.width,
  );
  paintGlitter(stage);
  if (plan.roughness > 0.6) paintCrests(stage, plan.roughness);
}

function waterRamp(stage: Stage): Rgb[] {
  const { light, brief } = stage;
  const wanted = brief.groundColour ? hues[brief.groundColour] : undefined;
  const own =
    wanted ?? (brief.places.includes('lake') ? lch(0.42, 0.07, 225) : lch(0.4, 0.075, 232));
  const deep = stage.lit(lighter(own, -0.12));
  const stops = [mix(light.low, own, 0.22), mix(light.middle, own, 0.45), stage.lit(own), deep];
  return Array.from({ length: 33 }, (_, i) => {
    const at = (i / 32) * 3;
    const k = Math.min(2, Math.floor(at));
    return toRgb(mix(stops[k] ?? own, stops[k + 1] ?? own, at - k));
  });
}

// Waves seen in perspective: finer towards the horizon.
function waveRow(stage: Stage, below: number, roughness: number): (x: number) => number {
  const distance = 0.12 / (below + 0.045);
  const row = distance * (0.9 + roughness * 0.35);
  const across = distance * 0.16;
  const seed = (stage.brief.accent % 31) / 31;
  return (x) => {
    const u = (x - stage.width / 2) * across;
    return (
      (noiseAt(u + seed, row + seed) - 0.5) * 1.1 + (noiseAt(u * 3.2, row * 2.6 + 0.4) - 0.5) * 0.5
    );
  };
}

function reflectPixel(
  { surface, unit }: Stage,
  { x, y, top }: { x: number; y: number; top: number },
  shift: number,
  shade: Rgb,
  share: number,
): void {
  const { rgb, width } = surface;
  const push = shift * unit;
  const sx = Math.min(width - 1, Math.max(0, Math.round(x + push * 0.6)));
  const sy = Math.min(top - 1, Math.max(0, Math.round(top - 1 - (y - top) * 0.92 - push)));
  const from = (sy * width + sx) * 3;
  const at = (y * width + x) * 3;
  for (let c = 0; c < 3; c++) {
    const mirrored = (rgb[from + c] ?? 0) * 0.93;
    rgb[at + c] = (shade[c] ?? 0) * (1 - share) + mirrored * share + 0.5;
  }
}

// The road of light under a low sun or a moon.
function paintGlitter(stage: Stage): void {
  const { sun, horizon, light, brief } = stage;
  const shining =
    !brief.weather.has('storm') && !brief.weather.has('rain') && !brief.weather.has('mist');
  if (!shining || light.time === 'day') return;
  const random = stage.chance('glitter');
  const span = stage.height - horizon;
  for (let i = 0; i < 240; i++) {
    const t = random.next() * random.next();
    const y = horizon + 0.004 + span * t;
    const spread = 0.02 + t * 0.2;
    const x = sun.x + (random.next() - random.next()) * spread;
    const half = (0.006 + t * 0.03) * random.range(0.4, 1.2);
    const thick = 0.0012 + t * 0.005;
    stage.fill([spline([x - half, y, x, y - thick, x + half, y, x, y + thick], true)], {
      from: light.beam,
      alpha: random.range(0.25, 0.8) * (1 - t * 0.55),
      detail: 0.6,
    });
  }
}
