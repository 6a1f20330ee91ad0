import { type Colour, lch, lighter, mix, turnHue } from '../drawing/colour.js';
import { noiseAt } from '../drawing/noise.js';
import { ellipse, ribbon, spline } from '../drawing/outline.js';
import type { Random } from '../drawing/random.js';
import { clamp, cosine, sine } from '../drawing/turn.js';
import { hues } from './hues.js';
import type { Stage } from './stage.js';

/** A composition of discs, arcs, beams and ribbons whose order and colour follow the mood. */
export function paintAbstract(stage: Stage): void {
  const random = stage.chance('abstract');
  const palette = abstractPalette(stage, random);
  paintField(stage, palette);
  const { energy } = stage.brief.mood;
  const plan = { palette, random, x: stage.heroX, y: stage.height * random.range(0.38, 0.55) };
  if (energy > 0.2 || (energy > -0.3 && stage.brief.accent % 2 === 0)) paintBurst(stage, plan);
  else paintStrata(stage, plan);
  paintDiscs(stage, plan, energy);
  paintRibbons(stage, plan, energy);
  paintMarks(stage, plan);
}

interface Plan {
  palette: readonly [Colour, Colour, Colour, Colour, Colour];
  random: Random;
  x: number;
  y: number;
}

function abstractPalette(stage: Stage, random: Random): Plan['palette'] {
  const { mood, colours, accent } = stage.brief;
  const warm = mood.warmth > 0.2 ? 55 : mood.warmth < -0.2 ? 240 : accent % 360;
  const base = colours[0] ? hues[colours[0]] : lch(0.68, 0.16, warm + random.range(-15, 15));
  const second = colours[1] ? hues[colours[1]] : turnHue(base, random.pick([35, -40]));
  const ground = lch(
    clamp(0.9 + mood.light * 0.05 - (mood.light < -0.2 ? 0.62 : 0), 0.2, 0.95),
    0.035,
    warm,
  );
  return [
    ground,
    base,
    second,
    turnHue({ ...base, l: 0.5 }, 180),
    turnHue({ ...second, l: 0.8 }, 70),
  ];
}

const pickColour = (plan: Plan): Colour => plan.palette[1 + plan.random.int(4)] ?? plan.palette[1];

function paintField(stage: Stage, [ground, base, second]: Plan['palette']): void {
  stage.band(0, stage.height, {
    from: ground,
    stops: [mix(ground, base, 0.4), ground, mix(ground, second, 0.35)],
    at: (x, y) => clamp(0.5 + (noiseAt(x * 0.28, y * 0.28) - 0.5) * 2.2),
    detail: 0.15,
    flow: 0.06,
  });
}

// Rays about a centre: joy, anger, any high energy.
function paintBurst(stage: Stage, plan: Plan): void {
  const rays = 22;
  for (let i = 0; i < rays; i++) {
    const turn = i / rays + plan.random.range(-0.012, 0.012);
    const spread = plan.random.range(0.006, 0.019);
    const reach = plan.random.range(0.5, 1.5);
    const tip = (t: number): [number, number] => [
      plan.x + cosine(t) * reach,
      plan.y + sine(t) * reach,
    ];
    const tone = pickColour(plan);
    stage.fill([[plan.x, plan.y, ...tip(turn - spread), ...tip(turn + spread)]], {
      from: tone,
      to: mix(tone, plan.palette[0], 0.55),
      round: [plan.x, plan.y, reach],
      alpha: 0.82,
      detail: 0.45,
      flow: turn,
    });
  }
}

// Level bands, one over the other: calm, sorrow, silence.
function paintStrata(stage: Stage, plan: Plan): void {
  let y = stage.height * 0.12;
  while (y < stage.height * 1.02) {
    const thick = plan.random.range(0.03, 0.15);
    const tone = mix(pickColour(plan), plan.palette[0], plan.random.range(0.15, 0.6));
    const points: number[] = [];
    for (let x = -0.05; x <= stage.width + 0.1; x += 0.1)
      points.push(x, y + (noiseAt(x * 0.15, y) - 0.5) * 0.12);
    stage.fill([ribbon(spline(points, false), thick, thick)], {
      from: lighter(tone, 0.04),
      to: lighter(tone, -0.05),
      axis: [0, y - thick, 0, y + thick],
      grain: 0.3,
      grainScale: [1, 4],
      alpha: 0.85,
      detail: 0.3,
      flow: 0,
    });
    y += thick * plan.random.range(0.7, 1.3);
  }
}

function paintDiscs(stage: Stage, plan: Plan, energy: number): void {
  const { random } = plan;
  const count = 5 + Math.round((energy + 1) * 4);
  for (let i = 0; i < count; i++) {
    const hero = i === 0;
    const r = hero ? 0.2 : random.range(0.02, 0.1);
    const turn = random.next();
    const away = hero ? 0 : random.range(0.2, 0.6);
    const x = plan.x + cosine(turn) * away;
    const y = plan.y + sine(turn) * away;
    const rings = hero ? 5 : random.chance(0.5) ? 2 : 1;
    for (let ring = 0; ring < rings; ring++) {
      const radius = r * (1 - ring / (rings + 0.4));
      const tone = hero ? (plan.palette[1 + (ring % 4)] ?? plan.palette[1]) : pickColour(plan);
      stage.fill([ellipse(x, y, radius)], {
        from: lighter(tone, 0.07),
        to: lighter(tone, -0.06),
        axis: [x - radius, y - radius, x + radius, y + radius],
        alpha: 0.93,
        detail: 0.7,
      });
    }
  }
}

function paintRibbons(stage: Stage, plan: Plan, energy: number): void {
  const { random } = plan;
  for (let i = 0; i < 5; i++) {
    const start = [
      random.range(-0.1, 0.2) * stage.width,
      random.range(0.2, 1) * stage.height,
    ] as const;
    const lift = (0.25 + Math.max(0, energy) * 0.4) * stage.height;
    const points = [
      ...start,
      stage.width * 0.3,
      start[1] - lift * random.next(),
      stage.width * 0.6,
      start[1] + lift * (random.next() - 0.6),
      stage.width * 1.05,
      start[1] - lift * random.range(-0.3, 1),
    ];
    const tone = pickColour(plan);
    stage.fill(
      [ribbon(spline(points, false), random.range(0.008, 0.05), random.range(0.002, 0.02))],
      {
        from: tone,
        to: turnHue(tone, 40),
        axis: [0, 0, stage.width, 0],
        alpha: 0.9,
        detail: 0.7,
        flow: 0.05,
      },
    );
  }
}

function paintMarks(stage: Stage, plan: Plan): void {
  const { random } = plan;
  const ink = plan.palette[0].l > 0.5 ? lch(0.22, 0.03, 280) : lch(0.93, 0.03, 85);
  for (let i = 0; i < 12; i++) {
    const x = random.range(0.08, 0.92) * stage.width;
    const y = random.range(0.1, 0.92) * stage.height;
    const turn = random.next();
    const half = random.range(0.02, 0.12);
    const line = [
      x - cosine(turn) * half,
      y - sine(turn) * half,
      x + cosine(turn) * half,
      y + sine(turn) * half,
    ];
    if (i % 3 === 0) stage.fill([ellipse(x, y, half * 0.16)], { from: ink, detail: 0.9 });
    else stage.fill([ribbon(line, 0.0045, 0.0025)], { from: ink, detail: 0.9, flow: turn });
  }
}
