import { type Colour, lch, lighter, mix, turnHue } from '../drawing/colour.js';
import type { Outline } from '../drawing/outline.js';
import type { Random } from '../drawing/random.js';
import { drawFigure } from '../motifs/figure.js';
import { house } from '../motifs/structures.js';
import { hues } from './hues.js';
import type { Stage } from './stage.js';

const rect = (x: number, y: number, w: number, h: number): Outline => [
  x,
  y,
  x + w,
  y,
  x + w,
  y + h,
  x,
  y + h,
];

/** A city in three depths; the nearest houses stand at the sides and leave a street free. */
export function paintCity(stage: Stage, bottom: number): void {
  const random = stage.chance('city');
  const middle = stage.width / 2;
  for (const [i, depth] of [0.8, 0.55, 0.28].entries()) {
    for (let x = -0.05; x < stage.width;) {
      const w = random.range(0.06, 0.11) * (1 + i * 0.25);
      const aside = Math.abs(x + w / 2 - middle) / middle;
      const rise =
        bottom * random.range(0.25, 0.5) * (i === 0 ? 1.15 : 0.35 + aside * (0.6 + i * 0.4));
      paintTower(
        stage,
        { x, w, top: bottom - Math.min(rise, bottom * 0.92), bottom, depth },
        random,
      );
      x += w * random.range(0.92, 1.2);
    }
  }
  paintStreetWalls(stage, random, bottom);
}

interface Tower {
  x: number;
  w: number;
  top: number;
  bottom: number;
  depth: number;
}

function paintTower(stage: Stage, tower: Tower, random: Random): void {
  const { x, w, top, bottom, depth } = tower;
  const neon = stage.brief.style === 'neon';
  const hue = neon ? random.range(250, 320) : random.range(20, 90);
  const wall = stage.lit(lch(neon ? 0.32 : random.range(0.5, 0.66), 0.035, hue), depth);
  stage.fill([rect(x, top, w, bottom - top)], {
    from: lighter(wall, 0.04),
    to: lighter(wall, -0.06),
    axis: [x, top, x + w, bottom],
    detail: 0.6,
    flow: 0.25,
  });
  if (random.chance(0.35))
    stage.fill([rect(x + w * 0.3, top - 0.025, w * 0.4, 0.03)], { from: wall, detail: 0.6 });
  if (random.chance(0.25))
    stage.fill([rect(x + w * 0.48, top - 0.08, 0.004, 0.085)], {
      from: lighter(wall, -0.05),
      detail: 0.8,
    });
  paintWindows(stage, tower, wall, random);
}

function paintWindows(
  stage: Stage,
  { x, w, top, bottom, depth }: Tower,
  wall: Colour,
  random: Random,
): void {
  const { darkness } = stage.light;
  const columns = Math.max(2, Math.round(w / 0.021));
  const gap = w / (columns + 0.4);
  const rows = Math.floor((bottom - top) / (gap * 1.35));
  const neon = stage.brief.style === 'neon';
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const lamp = random.chance(0.16 + darkness * 0.36);
      const hue = neon && random.chance(0.4) ? random.range(190, 340) : random.range(65, 90);
      const lit = mix(lch(0.86, 0.12, hue), stage.light.haze, depth * 0.5);
      const glass = mix(lighter(wall, -0.09), stage.light.middle, 0.25);
      const px = x + gap * (column + 0.4);
      const py = top + gap * (row + 0.5) * 1.35;
      stage.fill([rect(px, py, gap * 0.58, gap * 0.72)], {
        from: lamp && darkness > 0.05 ? lit : glass,
        detail: 0.75,
      });
    }
  }
}

// Tall walls at both sides in steep perspective, with signs that hang over the street.
function paintStreetWalls(stage: Stage, random: Random, bottom: number): void {
  const neon = stage.brief.style === 'neon' || stage.light.darkness > 0.8;
  for (const side of [-1, 1]) {
    const edge = side < 0 ? 0 : stage.width;
    const inner = edge - side * stage.width * random.range(0.17, 0.24);
    const wall = stage.lit(lch(0.36, 0.035, neon ? 285 : 45));
    const face = [edge, -0.02, inner, bottom * 0.24, inner, bottom + 0.015, edge, bottom + 0.2];
    stage.fill([face], {
      from: lighter(wall, -0.03),
      to: lighter(wall, 0.06),
      axis: [edge, 0, inner, 0],
      grain: 0.3,
      grainScale: [6, 6],
      detail: 0.6,
      flow: 0.25,
    });
    paintWallWindows(stage, edge, inner, bottom, random);
    if (stage.light.darkness > 0.4) paintSigns(stage, inner, -side, bottom, random);
  }
}

function paintWallWindows(
  stage: Stage,
  edge: number,
  inner: number,
  bottom: number,
  random: Random,
): void {
  const lamp = mix(
    stage.light.middle,
    lch(0.86, 0.12, 80),
    Math.min(1, stage.light.darkness + 0.1),
  );
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 7; row++) {
      if (random.chance(0.45)) continue;
      const corner = (u: number, v: number): [number, number] => {
        const top = bottom * 0.24 * u - 0.02 * (1 - u);
        const base = bottom + 0.2 - 0.185 * u;
        return [edge + (inner - edge) * u, top + (base - top) * v];
      };
      const [u0, u1] = [0.12 + column * 0.22, 0.24 + column * 0.22];
      const [v0, v1] = [0.07 + row * 0.115, 0.14 + row * 0.115];
      stage.fill([[...corner(u0, v0), ...corner(u1, v0), ...corner(u1, v1), ...corner(u0, v1)]], {
        from: lamp,
        alpha: random.range(0.5, 0.95),
        detail: 0.8,
      });
    }
  }
}

function paintSigns(stage: Stage, x: number, way: number, bottom: number, random: Random): void {
  const named = stage.brief.colours.map((name) => hues[name]);
  for (let i = 0; i < 5; i++) {
    const colour =
      named[i % Math.max(1, named.length)] ??
      lch(0.72, 0.21, [195, 340, 300, 85, 150, 20][(i * 2 + random.int(3)) % 6] ?? 195);
    const bright = lighter(turnHue(colour, random.range(-10, 10)), 0.08);
    const y = bottom * (0.3 + i * 0.125);
    const w = random.range(0.025, 0.05);
    const h = random.range(0.05, 0.1);
    const left = way > 0 ? x : x - w;
    const alpha = stage.light.darkness;
    stage.glow(left + w / 2, y + h / 2, 0.2, bright, 0.5 * alpha);
    stage.fill([rect(left, y, w, h)], {
      from: lighter(bright, 0.04),
      detail: 0.9,
      alpha: 0.6 + alpha * 0.4,
    });
    for (let k = 0; k < 3; k++) {
      stage.fill([rect(left + w * 0.25, y + h * (0.14 + k * 0.28), w * 0.5, h * 0.12)], {
        from: lch(0.25, 0.06, 300),
        detail: 0.9,
        alpha: 0.8,
      });
    }
  }
}

/** Houses gathered on the land between two heights. */
export function paintVillage(stage: Stage, top: number, bottom: number): void {
  const random = stage.chance('village');
  const count = 11;
  for (let i = 0; i < count; i++) {
    const t = i / count;
    const y = top + (bottom - top) * (t + random.range(0, 0.06));
    const x = stage.width * 0.5 + (random.next() - random.next()) * stage.width * (0.28 + t * 0.3);
    const colour = random.pick([
      lch(0.88, 0.04, 85),
      lch(0.8, 0.07, 50),
      lch(0.75, 0.06, 235),
      lch(0.82, 0.07, 20),
    ]);
    drawFigure(
      stage,
      { ...house, body: colour },
      { x, y, scale: 0.09 + t * 0.13, depth: 0.5 * (1 - t), mirror: random.chance(0.5) },
    );
  }
}
