import { lch, mix } from '../drawing/colour.js';
import { ellipse, ribbon } from '../drawing/outline.js';
import { paintMist } from './ridges.js';
import type { Stage } from './stage.js';

/** What falls or drifts in front of everything else. */
export function paintWeather(stage: Stage): void {
  const { weather } = stage.brief;
  if (stage.film) return;
  paintHaze(stage);
  if (weather.has('rain') || weather.has('storm')) paintRain(stage, weather.has('storm') ? 1 : 0.7);
  if (isSnowing(stage)) paintSnow(stage);
}

/** Mist, where the words name it. */
export function paintHaze(stage: Stage): void {
  if (!stage.brief.weather.has('mist')) return;
  paintMist(stage, stage.horizon - 0.12, stage.horizon + 0.22, 0.55);
  paintMist(stage, stage.height * 0.76, stage.height * 1.05, 0.4);
}

export const isSnowing = ({ brief: { weather, season } }: Stage): boolean =>
  weather.has('snow') || (season === 'winter' && !weather.has('clear'));

function paintRain(stage: Stage, force: number): void {
  const random = stage.chance('rain');
  const slant = stage.brief.weather.has('storm') ? 0.42 : 0.14;
  const tone = mix(stage.light.low, lch(0.92, 0.015, 230), 0.65);
  const count = Math.round(380 * stage.width * stage.height * force);
  for (let i = 0; i < count; i++) {
    const x = random.range(-0.1, stage.width + 0.25);
    const y = random.range(-0.05, stage.height);
    const length = random.range(0.025, 0.085);
    stage.fill([ribbon([x, y, x - slant * length, y + length], 0.0007, 0.0021)], {
      from: tone,
      alpha: random.range(0.12, 0.42),
      detail: 0.5,
    });
  }
}

function paintSnow(stage: Stage): void {
  const random = stage.chance('snow');
  const count = Math.round(420 * stage.width * stage.height);
  for (let i = 0; i < count; i++) {
    const near = random.next() * random.next();
    const r = 0.0014 + near * 0.0075;
    stage.fill([ellipse(random.range(0, stage.width), random.range(0, stage.height), r, r * 0.9)], {
      from: lch(0.97 - stage.light.darkness * 0.08, 0.012, 245),
      alpha: random.range(0.45, 0.9) * (1 - near * 0.35),
      detail: 0.5,
    });
  }
}
