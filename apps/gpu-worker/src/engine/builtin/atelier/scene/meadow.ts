import { type Colour, lch, lighter, mix, turnHue } from '../drawing/colour.js';
import { noiseAt } from '../drawing/noise.js';
import { ellipse, ribbon, spline } from '../drawing/outline.js';
import { clamp } from '../drawing/turn.js';
import { hues } from './hues.js';
import { rolling, under } from './ridges.js';
import type { Stage } from './stage.js';

/** Rolling land from the horizon to the lower edge in one colour family. */
export function paintLand(stage: Stage, colour: Colour): void {
  const random = stage.chance('land');
  const own = stage.brief.groundColour ? mix(colour, hues[stage.brief.groundColour], 0.75) : colour;
  const rows = 5;
  const span = stage.height - stage.horizon;
  for (let i = 0; i < rows; i++) {
    const t = i / (rows - 1);
    const base = stage.horizon + span * t * t * 0.72 + 0.012;
    const profile = rolling(random, base, i === 0 ? 0.02 : 0.03 + t * 0.1, 0.3 - t * 0.12);
    const tone = stage.lit(turnHue(own, (0.5 - t) * 18), (1 - t) * 0.62);
    stage.fill([under(stage, profile, stage.height + 0.02)], {
      from: lighter(tone, 0.06),
      stops: [
        mix(lighter(tone, 0.08), { ...stage.light.beam, l: tone.l + 0.08 }, 0.15),
        tone,
        lighter(tone, -0.09),
      ],
      at: (x, y) =>
        clamp((y - profile(x)) * (5 - t * 3) + (noiseAt(x * 1.2, y * 2.6) - 0.5) * 1.2 + 0.2),
      detail: 0.25 + t * 0.1,
      flow: 0.02,
    });
  }
}

/** A path that winds from the lower edge to the horizon. */
export function paintPath(stage: Stage, colour: Colour): void {
  const random = stage.chance('path');
  const { horizon, height, width } = stage;
  const span = height - horizon;
  const end = width * random.range(0.42, 0.58);
  const sway = random.range(-0.22, 0.22);
  const steps = 18;
  const left: number[] = [];
  const right: number[] = [];
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    const y = horizon + span * (0.04 + 0.98 * t * t);
    const x = end + sway * (noiseAt(t * 0.22, 0.6) * 2 - 1 + t * 0.9) * (0.3 + t);
    const half = 0.004 + 0.1 * t * t;
    left.push(x - half, y);
    right.unshift(x + half, y);
  }
  const tone = stage.lit(colour, 0.15);
  stage.fill([[...left, ...right]], {
    from: lighter(tone, 0.05),
    to: lighter(tone, -0.05),
    axis: [0, horizon, 0, height],
    grain: 0.4,
    grainScale: [3, 8],
    detail: 0.4,
    flow: 0.2,
  });
}

/** Grass in the foreground, blade by blade. */
export function paintGrass(stage: Stage, colour: Colour, amount = 1): void {
  const random = stage.chance('grass');
  const count = Math.round(330 * stage.width * amount);
  for (let i = 0; i < count; i++) {
    const t = i / count;
    const y = stage.height * (0.9 + 0.13 * t) + random.range(-0.02, 0.02);
    const x = random.range(-0.02, stage.width + 0.02);
    const tall = random.range(0.03, 0.085) * (0.5 + t * 0.8);
    const bend = random.range(-0.4, 0.5) * tall;
    const tone = stage.lit(
      turnHue(lighter(colour, random.range(-0.16, 0.06)), random.range(-14, 14)),
    );
    const blade = spline([x, y, x + bend * 0.3, y - tall * 0.6, x + bend, y - tall], false);
    stage.fill([ribbon(blade, 0.006 * (0.5 + t), 0.0012)], { from: tone, detail: 0.7, flow: 0.24 });
  }
}

/** Flowers over the whole land, smaller with distance, in drifts. */
export function paintFlowerDrifts(stage: Stage, colours: readonly Colour[], density = 1): void {
  const random = stage.chance('drifts');
  const span = stage.height - stage.horizon;
  const count = Math.round(900 * stage.width * density);
  for (let i = 0; i < count; i++) {
    const t = i / count;
    const y = stage.horizon + span * (0.07 + 0.93 * t * Math.sqrt(t));
    const x = random.range(-0.02, stage.width + 0.02);
    if (noiseAt(x * 0.45 + 0.1, y * 0.9) < 0.4 + random.range(-0.12, 0.2)) continue;
    const size = (0.0025 + 0.013 * t * t) * random.range(0.7, 1.3);
    const base = colours[random.int(colours.length)] ?? lch(0.9, 0.02, 90);
    const tone = stage.lit(lighter(base, random.range(-0.08, 0.08)), (1 - t) * 0.45);
    stage.fill([ellipse(x, y, size, size * 0.75, random.next() * 0.1)], {
      from: tone,
      detail: 0.55 + t * 0.3,
    });
    if (size < 0.009) continue;
    stage.fill([ellipse(x - size * 0.1, y - size * 0.25, size * 0.6, size * 0.35)], {
      from: lighter(tone, 0.08),
      detail: 0.85,
    });
    stage.fill([ellipse(x, y, size * 0.24)], {
      from: stage.lit(lch(0.25, 0.03, 60)),
      detail: 0.85,
    });
  }
}

/** Rows of crops running together at the horizon. */
export function paintFurrows(stage: Stage, colours: readonly [Colour, Colour]): void {
  const { horizon, height, width } = stage;
  const x = width * stage.chance('furrows').range(0.35, 0.65);
  stage.band(horizon + 0.02, height, {
    from: colours[0],
    stops: [
      lighter(stage.lit(colours[0]), -0.08),
      stage.lit(colours[0]),
      stage.lit(colours[1]),
      lighter(stage.lit(colours[1]), 0.06),
    ],
    at: (px, py) => {
      const below = py - horizon + 0.015;
      const u = ((px - x) / below) * 1.15 + (noiseAt(px, py) - 0.5) * 0.12;
      const wave = u - Math.floor(u);
      const crest = wave < 0.5 ? wave * 2 : 2 - wave * 2;
      return clamp(crest * crest * 1.1 + (noiseAt(px * 4, py * 6) - 0.5) * 0.55);
    },
    detail: 0.45,
    flow: 0.22,
  });
}
