import { type Colour, lch, lighter, mix, turnHue } from '../drawing/colour.js';
import { noiseAt } from '../drawing/noise.js';
import { ellipse, ribbon, spline } from '../drawing/outline.js';
import type { Random } from '../drawing/random.js';
import { clamp } from '../drawing/turn.js';
import { hues } from './hues.js';
import { rolling, under } from './ridges.js';
import type { Stage } from './stage.js';

/** Under water: light falling in shafts, a sandy bed, corals and weed, bubbles. */
export function paintDeep(stage: Stage): void {
  const random = stage.chance('deep');
  const named = stage.brief.colours[0] ?? stage.brief.groundColour;
  const sea = named
    ? mix(hues[named], lch(0.5, 0.1, 220), 0.45)
    : lch(0.52, 0.1, random.range(200, 235));
  const dim = stage.light.darkness * 0.2;
  stage.band(0, stage.height, {
    from: sea,
    stops: [
      lch(0.88 - dim, 0.07, 195),
      lighter(sea, 0.14 - dim),
      lighter(sea, -0.08 - dim),
      lighter(turnHue(sea, 20), -0.26 - dim * 0.4),
    ],
    grain: 0.12,
    grainScale: [1, 3],
    detail: 0.15,
    flow: 0.25,
  });
  paintShafts(stage, random);
  for (const depth of [0.7, 0.4, 0]) paintBed(stage, depth, random);
  paintBubbles(stage, random);
}

function paintShafts(stage: Stage, random: Random): void {
  for (let i = 0; i < 9; i++) {
    const x = random.range(-0.1, 1.1) * stage.width;
    const w = random.range(0.02, 0.08);
    const lean = (x - stage.width * 0.5) * 0.7;
    const length = stage.height * random.range(0.5, 0.95);
    stage.fill([[x, -0.02, x + w, -0.02, x + w * 2.4 + lean, length, x - w + lean, length]], {
      from: lch(0.95, 0.05, 180),
      to: lch(0.95, 0.05, 180),
      axis: [x, 0, x + lean, length],
      fade: true,
      mode: 'add',
      alpha: 0.2 * (1 - stage.light.darkness * 0.6),
    });
  }
}

function paintBed(stage: Stage, depth: number, random: Random): void {
  const base = stage.height * (0.97 - depth * 0.17);
  const profile = rolling(random, base, 0.16, 0.3);
  const sea = lch(0.36, 0.07, 225);
  const sand = mix(lch(0.6, 0.06, 85), sea, 0.35 + depth * 0.6);
  stage.fill([under(stage, profile, stage.height + 0.02)], {
    from: lighter(sand, 0.06),
    to: lighter(sand, -0.16),
    at: (x, y) => clamp((y - profile(x)) * 5 + (noiseAt(x, y * 4) - 0.5)),
    detail: 0.35,
    flow: 0,
  });
  const count = Math.round(9 * stage.width);
  for (let i = 0; i < count; i++) {
    const x = random.range(0, stage.width);
    const aside = Math.abs(x / stage.width - 0.5) * 2;
    const size = (0.07 + 0.13 * aside) * (1.25 - depth) * random.range(0.6, 1.2);
    if (random.chance(0.5)) paintWeed(stage, x, profile(x) + 0.015, size * 1.5, depth, random);
    else paintCoral(stage, x, profile(x) + 0.015, size, depth, random);
  }
}

function paintWeed(
  stage: Stage,
  x: number,
  y: number,
  tall: number,
  depth: number,
  random: Random,
): void {
  const tone = mix(lch(0.48, 0.11, random.range(120, 165)), lch(0.4, 0.07, 225), depth);
  for (let i = 0; i < 5; i++) {
    const bx = x + random.range(-0.03, 0.03);
    const sway = random.range(-0.3, 0.3) * tall;
    const h = tall * random.range(0.6, 1.1);
    const blade = spline(
      [bx, y, bx + sway * 0.5, y - h * 0.35, bx - sway * 0.3, y - h * 0.7, bx + sway * 0.6, y - h],
      false,
    );
    stage.fill([ribbon(blade, tall * 0.07, tall * 0.015)], {
      from: lighter(tone, random.range(-0.08, 0.06)),
      detail: 0.6,
      flow: 0.25,
    });
  }
}

interface Branch {
  x: number;
  y: number;
  length: number;
  lean: number;
  level: number;
}

function paintCoral(
  stage: Stage,
  x: number,
  y: number,
  size: number,
  depth: number,
  random: Random,
): void {
  const coral = lch(0.66, 0.16, random.pick([10, 35, 60, 330, 300]));
  const tone = mix(coral, lch(0.4, 0.07, 225), depth);
  const lean = random.range(-0.15, 0.15);
  growCoral(stage, { x, y, length: size * 0.42, lean, level: 0 }, tone, random);
}

function growCoral(stage: Stage, branch: Branch, tone: Colour, random: Random): void {
  const { x, y, length, lean, level } = branch;
  const [tipX, tipY] = [x + lean * length, y - length];
  const stem = [x, y, (x + tipX) / 2 + lean * 0.01, (y + tipY) / 2, tipX, tipY];
  const from = lighter(tone, level * 0.03);
  stage.fill([ribbon(stem, length * 0.34, length * 0.24)], { from, detail: 0.6 });
  stage.fill([ellipse(tipX, tipY, length * 0.13)], { from, detail: 0.6 });
  if (level >= 3) return;
  for (const way of [-1, 1]) {
    const next = { x: tipX, y: tipY, length: length * random.range(0.58, 0.76), level: level + 1 };
    const turned = lean * 0.4 + way * random.range(0.3, 0.75);
    growCoral(stage, { ...next, lean: turned }, tone, random);
  }
}

function paintBubbles(stage: Stage, random: Random): void {
  for (let i = 0; i < 46; i++) {
    const column = i % 4;
    const x = stage.width * (0.15 + column * 0.23) + random.range(-0.03, 0.03);
    const y = stage.height * random.next();
    const r = random.range(0.002, 0.009);
    stage.fill([ellipse(x, y, r)], { from: lch(0.88, 0.04, 200), alpha: 0.55, detail: 0.8 });
    stage.fill([ellipse(x - r * 0.3, y - r * 0.3, r * 0.35)], {
      from: lch(0.98, 0.01, 200),
      detail: 0.8,
    });
  }
}
