import { lch, mix } from '../drawing/colour.js';
import { noiseAt } from '../drawing/noise.js';
import { outlinesOf, placed, ribbon, spline } from '../drawing/outline.js';
import { clamp } from '../drawing/turn.js';
import { paintClouds } from './clouds.js';
import { paintLuminaries } from './luminaries.js';
import type { Stage } from './stage.js';
import { paintStars } from './stars.js';

/** Paints the whole sky down to `bottom`: air, stars, sun or moon, aurora, clouds. */
export function paintSky(stage: Stage, bottom: number): void {
  const { light, brief } = stage;
  const stops = [light.top, mix(light.top, light.middle, 0.55), light.middle, light.low];
  stage.band(0, bottom, {
    from: light.top,
    stops,
    grain: 0.1,
    grainScale: [1.5, 4],
    detail: 0.1,
    flow: 0,
  });
  curlFlow(stage, bottom);
  const starry = light.darkness > 0.7 && !brief.weather.has('storm') && !brief.weather.has('rain');
  if ((starry || brief.weather.has('stars')) && !stage.banned('weather', 'stars'))
    paintStars(stage, bottom);
  if (brief.weather.has('aurora')) paintAurora(stage, bottom);
  paintLuminaries(stage);
  if (brief.weather.has('rainbow')) paintRainbow(stage, bottom);
  stage.film?.onLayer('sky');
  if (!brief.weather.has('aurora')) paintClouds(stage, bottom);
  stage.film?.onLayer('clouds');
  // One that stays would be no lightning: in a film the sky flashes.
  if (brief.weather.has('storm') && !stage.film) paintLightning(stage, bottom);
}

// Strokes in the sky drift about the horizontal; expressive styles let them whirl.
function curlFlow(stage: Stage, bottom: number): void {
  const { surface, unit, brief } = stage;
  const sway = 46 + Math.max(0, brief.mood.energy) * 80;
  const whirls = brief.style === 'impasto' ? whirlsOf(stage, bottom) : [];
  const rows = Math.min(surface.height, Math.ceil(bottom * unit));
  const scale = 0.34 / unit;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < surface.width; x++) {
      const drift = (noiseAt(x * scale + 0.2, y * scale * 1.4) - 0.5) * sway;
      const whirl = whirls.find((w) => within(w, x / unit, y / unit));
      const turn = whirl ? drift * 0.4 + round(x / unit - whirl.x, y / unit - whirl.y) : drift;
      surface.flow[y * surface.width + x] = turn & 255;
    }
  }
}

interface Whirl {
  x: number;
  y: number;
  reach: number;
}

const within = (w: Whirl, x: number, y: number): boolean =>
  (x - w.x) * (x - w.x) + (y - w.y) * (y - w.y) < w.reach * w.reach;

// The direction along a circle, in 512ths of a turn, by the cheap measure of a diamond.
function round(dx: number, dy: number): number {
  const share = dy / (Math.abs(dx) + Math.abs(dy) || 1);
  return 128 + 128 * (dx >= 0 ? share : 2 - share);
}

function whirlsOf(stage: Stage, bottom: number): Whirl[] {
  const random = stage.chance('whirls');
  const sun = { ...stage.sun, reach: 0.24 };
  const others = Array.from({ length: 7 }, () => ({
    x: random.range(0.05, 0.95) * stage.width,
    y: random.range(0.12, 0.8) * bottom,
    reach: random.range(0.08, 0.2),
  }));
  for (const { x, y, reach } of others) stage.glow(x, y, reach, stage.light.low, 0.5);
  return [sun, ...others];
}

function paintAurora(stage: Stage, bottom: number): void {
  const random = stage.chance('aurora');
  const colours = [lch(0.82, 0.2, 150), lch(0.75, 0.15, 175), lch(0.62, 0.2, 320)];
  colours.forEach((colour, i) => {
    const phase = random.next();
    const base = bottom * random.range(0.5, 0.78);
    stage.band(0, bottom, {
      from: colour,
      mode: 'add',
      fade: true,
      alpha: i === 0 ? 1.25 : 0.7,
      at: (x, y) => {
        const edge = base + (noiseAt(x * 0.28 + phase, 0.3 * i + 0.1) - 0.5) * bottom * 0.8;
        const rays = noiseAt(x * 2.3 + phase, 0.7 + y * 0.05);
        const height = bottom * (0.25 + 0.55 * rays);
        const up = edge - y;
        return up < 0 ? clamp(1 + up * -30 + 0.2) : clamp(up / height + 0.15);
      },
    });
  });
  const { surface } = stage;
  surface.flow.fill(126, 0, Math.round(bottom * stage.unit) * surface.width);
}

function paintRainbow(stage: Stage, bottom: number): void {
  const [x, y] = [stage.width * 0.5, bottom * 1.12];
  const outer = Math.min(stage.width * 0.48, bottom * 0.95);
  const bands = [25, 60, 95, 145, 200, 255, 300];
  bands.forEach((hue, i) => {
    const arc: number[] = [];
    for (const [dx, dy] of quarterArc)
      arc.push(x + dx * (outer - i * 0.011), y - dy * (outer - i * 0.011));
    const paint = { from: lch(0.78, 0.17, hue), alpha: 0.5, detail: 0.5 };
    stage.fill([ribbon(arc, 0.013, 0.013)], paint);
  });
}

const quarterArc: readonly (readonly [number, number])[] = Array.from({ length: 61 }, (_, i) => {
  const t = -1 + i / 30;
  const k = 1 / (1 + t * t);
  return [2 * t * k, (1 - t * t) * k] as const;
});

function paintLightning(stage: Stage, bottom: number): void {
  const random = stage.chance('lightning');
  const x = stage.width - stage.heroX + random.range(-0.08, 0.08);
  const points: number[] = [];
  let at = x;
  for (let i = 0; i <= 9; i++) {
    points.push(at, (bottom * i) / 9);
    at += random.range(-0.055, 0.055);
  }
  const bolt = lch(0.96, 0.05, 285);
  stage.glow(x, bottom * 0.35, 0.5, lch(0.75, 0.1, 285), 0.4);
  stage.fill([ribbon(points, 0.011, 0.004)], { from: bolt, detail: 1 });
  const fork = points.slice(8, 10);
  const branch = [
    ...fork,
    (fork[0] ?? x) + 0.08,
    (fork[1] ?? 0) + bottom * 0.14,
    (fork[0] ?? x) + 0.1,
    (fork[1] ?? 0) + bottom * 0.26,
  ];
  stage.fill([ribbon(spline(branch, false), 0.006, 0.002)], { from: bolt, detail: 1 });
}

/** Birds far off, as two strokes each. */
export function paintFarBirds(stage: Stage, count: number, x: number, y: number): void {
  const random = stage.chance('far-birds');
  for (let i = 0; i < count; i++) {
    const place = {
      x: x + random.range(-0.14, 0.14),
      y: y + random.range(-0.07, 0.07),
      scale: random.range(0.0022, 0.0036),
    };
    const wings = outlinesOf('W 1 1.6 -9 -1 -5 -4 0 0 W 1.6 1 0 0 5 -4 9 -2');
    stage.fill(
      wings.map((outline) => placed(outline, place)),
      { from: stage.silhouette(0.15), detail: 0.9 },
    );
  }
}
