import { type Colour, lch, lighter, mix, turnHue } from '../drawing/colour.js';
import { noiseAt } from '../drawing/noise.js';
import type { Outline } from '../drawing/outline.js';
import type { Random } from '../drawing/random.js';
import { clamp, ease } from '../drawing/turn.js';
import type { Stage } from './stage.js';

/** A height line over the width: the top of what it outlines, in units from the top. */
export type Profile = (x: number) => number;

export function under(stage: Stage, profile: Profile, bottom: number): Outline {
  const points: number[] = [];
  const count = 220;
  for (let i = 0; i <= count; i++) {
    const x = -0.02 + ((stage.width + 0.04) * i) / count;
    points.push(x, profile(x));
  }
  points.push(stage.width + 0.02, bottom, -0.02, bottom);
  return points;
}

/** A softly rolling line about `base`, `swell` high. */
export function rolling(random: Random, base: number, swell: number, pace = 0.22): Profile {
  const phase = random.next();
  const row = random.next();
  return (x) => base - (noiseAt(x * pace + phase, row) - 0.4) * swell;
}

function peaked(
  random: Random,
  stage: Stage,
  base: number,
  height: number,
  focus: number,
): Profile {
  const phase = random.next();
  const peaks = Array.from({ length: 5 }, (_, i) => ({
    x: i === 0 ? focus : random.range(-0.1, 1.1) * stage.width,
    height: height * (i === 0 ? 1 : random.range(0.45, 0.8)),
    slope: random.range(1.15, 1.7),
  }));
  return (x) => {
    let rise = 0;
    for (const peak of peaks) {
      const run = Math.abs(x - peak.x);
      rise = Math.max(rise, peak.height - run / peak.slope + run * run * 0.22);
    }
    const rough = noiseAt(x * 1.1 + phase, 0.3) - 0.5;
    return base - Math.max(rise, 0.02) - rough * 0.13 * (0.3 + rise * 2);
  };
}

/** Mountain ranges from far to near, down to `bottom`. */
export function paintMountains(stage: Stage, bottom: number): void {
  const random = stage.chance('mountains');
  const focus = stage.width - stage.heroX + random.range(-0.1, 0.1);
  const reach = Math.min(bottom * 0.78, 0.62 * Math.max(0.8, stage.height * 0.8));
  const layers = [
    { depth: 0.78, height: reach * 0.72, focus: stage.heroX },
    { depth: 0.52, height: reach, focus },
    { depth: 0.3, height: reach * 0.4, focus: random.range(0, stage.width) },
  ];
  for (const layer of layers) {
    const profile = peaked(random, stage, bottom, layer.height, layer.focus);
    paintRange(stage, profile, bottom, layer.depth, bottom - layer.height * 0.62);
    paintMist(stage, bottom - 0.1, bottom + 0.01, 0.35 + stage.light.air * 0.4);
  }
}

function paintRange(
  stage: Stage,
  profile: Profile,
  bottom: number,
  depth: number,
  snow: number,
): void {
  const winter = stage.brief.season === 'winter' || stage.brief.weather.has('snow');
  const rock = mix(
    lch(0.42, 0.05, 262),
    lch(0.42, 0.06, 45),
    stage.light.warmth > 0.3 ? 0.5 : 0.15,
  );
  const line = winter ? snow + 0.35 : snow;
  const side = stage.sun.x > stage.width / 2 ? 1 : -1;
  stage.fill([under(stage, profile, bottom)], {
    from: rock,
    stops: rangeColours(stage, rock, depth),
    detail: 0.45 + (1 - depth) * 0.2,
    flow: 0.14,
    at: (x, y) => {
      const fall = y - profile(x);
      const drift = (noiseAt(x * 0.9 + depth, y * 0.55) - 0.5) * (0.06 + fall * 1.15);
      const at = x + drift;
      const slope = (profile(at + 0.02) - profile(at - 0.02)) / 0.04;
      const facing = clamp(0.5 - slope * side * 0.42 + (noiseAt(x * 2.4, y * 2.2) - 0.5) * 0.35);
      const snowy = y < line + (noiseAt(x * 1.3, y * 1.3) - 0.5) * 0.3 - fall * 0.35;
      return snowy ? 0.62 + facing * 0.38 : facing * 0.56;
    },
  });
}

function rangeColours(stage: Stage, rock: Colour, depth: number): Colour[] {
  const lit = (c: Colour): Colour => stage.lit(c, depth);
  const warm = mix(lit(lighter(rock, 0.22)), { ...stage.light.beam, l: 0.66 }, 0.16);
  const snow = lit(lch(0.95, 0.02, 80));
  return [
    lit(lighter(rock, -0.1)),
    lit(rock),
    warm,
    lit(lch(0.7, 0.055, 262)),
    lit(lch(0.84, 0.035, 255)),
    mix(snow, { ...stage.light.beam, l: snow.l }, 0.35),
  ];
}

const LAVA =
  'P -.07 .03 -.2 .2 -.25 .44 -.14 .21 -.03 .03 P .02 .03 .09 .3 .06 .62 .15 .31 .07 .03 ' +
  'P .11 .04 .25 .17 .33 .33 .31 .17 .16 .04';

/** A single fire mountain with a glowing mouth. */
export function paintVolcano(stage: Stage, bottom: number): void {
  const x = stage.width - stage.heroX;
  const height = bottom * 0.62;
  const profile: Profile = (at) => {
    const run = Math.abs(at - x);
    const rise =
      run < 0.07
        ? height - 0.02 + run * 0.2
        : Math.max(0, height - (run - 0.07) * 1.25 + run * run * 0.55);
    return bottom - rise + (noiseAt(at * 1.2, 0.4) - 0.5) * 0.06;
  };
  const fire = lch(0.72, 0.2, 45);
  stage.glow(x, bottom - height, 0.55, fire, 0.7);
  paintRange(stage, profile, bottom, 0.3, -1);
  const place = { x, y: bottom - height, scale: height };
  stage.fill(stage.shape(LAVA, place), { from: fire, detail: 0.8 });
  stage.glow(x, bottom - height, 0.2, lch(0.9, 0.15, 80), 0.9);
}

/** Wooded or bare hills, far to near. */
export function paintHills(stage: Stage, bottom: number, colour: Colour, rise = 0.22): void {
  const random = stage.chance('hills');
  for (const [i, depth] of [0.75, 0.5, 0.3].entries()) {
    const profile = rolling(random, bottom - rise * (0.75 - i * 0.32), rise * 0.8, 0.2 + i * 0.05);
    const base = stage.lit(turnHue(colour, (1 - i) * 12), depth);
    stage.fill([under(stage, profile, bottom + 0.02)], {
      from: lighter(base, 0.05),
      to: lighter(base, -0.06),
      at: (x, y) => clamp((y - profile(x)) * 5 + (noiseAt(x * 1.5, y * 3) - 0.5) * 1.3 + 0.3),
      detail: 0.3,
      flow: 0.02,
    });
  }
  paintMist(stage, bottom - 0.06, bottom + 0.02, stage.light.air * 0.4);
}

/** Dunes with one face in light and one in shade. */
export function paintDunes(stage: Stage, top: number): void {
  const random = stage.chance('dunes');
  const sand = lch(0.76, 0.1, 68);
  const side = stage.sun.x > stage.width / 2 ? -1 : 1;
  const rows = 6;
  for (let i = 0; i < rows; i++) {
    const t = i / (rows - 1);
    const base = top + (stage.height * 1.05 - top) * t * t * 0.85;
    const profile = rolling(random, base, 0.05 + 0.2 * t, 0.3 - 0.12 * t);
    const depth = (1 - t) * 0.75;
    const light = mix(stage.lit(lighter(sand, 0.07), depth), stage.light.beam, 0.1);
    const shade = stage.lit(turnHue(lighter(sand, -0.2), -25), depth);
    stage.fill([under(stage, profile, stage.height + 0.02)], {
      from: light,
      stops: [light, mix(light, shade, 0.35), shade],
      at: (x, y) => {
        const fall = y - profile(x);
        const at = x + fall * side * 1.1 + (noiseAt(x * 0.5, y * 0.5 + t) - 0.5) * fall;
        const slope = (profile(at + 0.01) - profile(at - 0.01)) / 0.02;
        const ripples = (noiseAt(x * 0.4, (y + fall) * 5) - 0.5) * 0.4 * t;
        return ease(-0.12, 0.16, slope * side) * 0.9 + ripples * 0.8 - fall * 0.15;
      },
      detail: 0.3 + t * 0.1,
      flow: 0.03 * side,
    });
  }
}

/** A soft bank of mist over the whole width. */
export function paintMist(stage: Stage, top: number, bottom: number, alpha: number): void {
  const middle = (top + bottom) / 2;
  const half = Math.max(0.001, (bottom - top) / 2);
  stage.band(top, bottom, {
    from: mix(stage.light.haze, stage.light.low, 0.4),
    alpha,
    fade: true,
    at: (x, y) =>
      clamp(Math.abs(y - middle) / half + (noiseAt(x * 0.5, y * 1.5) - 0.5) * 0.9 - 0.05),
  });
}
