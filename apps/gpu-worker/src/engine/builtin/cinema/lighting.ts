import { noiseAt } from '../atelier/drawing/noise.js';
import { Random } from '../atelier/drawing/random.js';
import { clamp, ease, sine } from '../atelier/drawing/turn.js';
import { settingOf } from '../atelier/scene/setting.js';
import type { Stage } from '../atelier/scene/stage.js';
import type { Lighting } from './luma.js';

/** How the light of a scene changes: shadows of clouds, flames, flashes, light through water. */
export function lightingOf(stage: Stage, seconds: number): Lighting {
  const { brief, light } = stage;
  const { world } = settingOf(brief);
  const { unit } = stage;
  const breath = 1 + 0.018 * sine(seconds * 0.09 + 0.1);
  if (world === 'room') {
    const flame = brief.motifs.some(({ name }) => name === 'candle' || name === 'lantern');
    const flicker = flame ? 0.1 * (noiseAt(seconds * 0.9, 0.3) - 0.5) : 0;
    return () => breath + flicker;
  }
  if (world === 'underwater') {
    return (x, y) =>
      breath + 0.3 * (noiseAt((x / unit) * 0.8 - (y / unit) * 0.25, seconds * 0.035) - 0.5);
  }
  if (world !== 'outdoors') return () => breath;
  const flash = brief.weather.has('storm') ? flashAt(stage.seed, seconds) : 0;
  const fair = light.time === 'day' || light.time === 'golden' || light.time === 'dawn';
  const depth = fair && !brief.weather.has('clear') ? 0.17 : 0;
  const horizon = (stage.horizon - 0.04) * unit;
  return (x, y) => {
    const land = clamp((y - horizon) / (unit * 0.06));
    const shadow = depth * land * ease(0.5, 0.72, shadowAt(x / unit, y / unit, seconds));
    return breath - shadow + flash * (1 - 0.35 * land);
  };
}

const shadowAt = (x: number, y: number, seconds: number): number =>
  noiseAt(x * 0.3 - seconds * 0.02, y * 0.8 + 0.1);

const FLASH_EVERY = 1.7;

// Lightning: two strokes close together, at a moment of chance in every span of time.
function flashAt(seed: number, seconds: number): number {
  const span = Math.floor(seconds / FLASH_EVERY);
  const random = new Random((seed ^ Math.imul(span + 1, 0x9e3779b1)) >>> 0);
  if (!random.chance(0.75)) return 0;
  const since = seconds - span * FLASH_EVERY - random.range(0.1, 1);
  const stroke = (after: number): number =>
    since < after ? 0 : clamp(1 - (since - after) / 0.28) ** 2;
  return 0.3 * Math.max(stroke(0), 0.8 * stroke(0.16));
}
