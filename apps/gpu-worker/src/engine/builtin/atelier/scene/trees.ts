import { type Colour, lch, lighter, mix, turnHue } from '../drawing/colour.js';
import { ellipse, ribbon, spline } from '../drawing/outline.js';
import type { Random } from '../drawing/random.js';
import { cosine, sine } from '../drawing/turn.js';
import { drawFigure } from '../motifs/figure.js';
import { pine, snowyPine } from '../motifs/plants.js';
import type { Stage } from './stage.js';

export interface TreePlan {
  x: number;
  y: number;
  height: number;
  depth: number;
  leaf?: Colour;
  bare?: boolean;
}

/** The season's leaf colour, or none in winter. */
export function leafColour(stage: Stage, random: Random): Colour | undefined {
  const { season, weather } = stage.brief;
  if (season === 'winter' || (weather.has('snow') && season === undefined)) return undefined;
  if (season === 'autumn') return lch(random.range(0.58, 0.74), 0.15, random.range(35, 85));
  if (season === 'spring') return random.chance(0.5) ? lch(0.84, 0.09, 355) : lch(0.72, 0.13, 125);
  return lch(random.range(0.46, 0.58), 0.11, random.range(120, 148));
}

/** A broad-leaved tree grown by rule: trunk, boughs, then leaves in clumps lit from the sun. */
export function growTree(stage: Stage, plan: TreePlan, random: Random): void {
  const { x, y, height, depth } = plan;
  const bark = stage.lit(lch(0.33, 0.045, 50), depth);
  const lean = random.range(-0.05, 0.05) * height;
  const trunk = spline(
    [x, y, x + lean * 0.4, y - height * 0.25, x + lean, y - height * 0.6],
    false,
  );
  stage.fill([ribbon(trunk, height * 0.085, height * 0.025)], {
    from: lighter(bark, 0.05),
    to: lighter(bark, -0.05),
    axis: [x - height * 0.04, y, x + height * 0.04, y],
    detail: 0.8,
    flow: 0.25,
  });
  const crown = { x: x + lean, y: y - height * 0.66, rx: height * 0.36, ry: height * 0.32 };
  for (let i = 0; i < (plan.leaf ? 5 : 11); i++) {
    const turn = random.range(0.52, 0.98);
    const reach = plan.leaf ? 0.8 : 1.05;
    const tip = [
      crown.x + cosine(turn) * crown.rx * reach,
      crown.y + sine(turn) * crown.ry * reach + height * 0.02,
    ] as const;
    const start = y - height * random.range(0.28, 0.5);
    const bough = spline(
      [
        x + lean * 0.5,
        start,
        (x + lean * 0.6 + tip[0]) / 2,
        (start + tip[1]) / 2 + height * 0.03,
        ...tip,
      ],
      false,
    );
    stage.fill([ribbon(bough, height * 0.03, height * 0.006)], { from: bark, detail: 0.85 });
  }
  if (plan.leaf) paintLeaves(stage, crown, plan.leaf, depth, random);
}

interface Crown {
  x: number;
  y: number;
  rx: number;
  ry: number;
}

function paintLeaves(
  stage: Stage,
  crown: Crown,
  leaf: Colour,
  depth: number,
  random: Random,
): void {
  const side = stage.sun.x > crown.x ? 1 : -1;
  const clumps = Math.round(Math.min(170, 22 + crown.rx * 300));
  for (let i = 0; i < clumps; i++) {
    const t = i / clumps;
    const turn = random.next();
    const out = Math.sqrt(random.next()) * (1 - t * 0.25);
    const px = crown.x + cosine(turn) * crown.rx * out + side * t * crown.rx * 0.15;
    const py = crown.y + sine(turn) * crown.ry * out - t * crown.ry * 0.18;
    const size = Math.min(0.055, crown.rx * random.range(0.15, 0.27)) * (1 - t * 0.4);
    const base = stage.lit(turnHue(lighter(leaf, -0.14 + t * 0.24), (t - 0.5) * -14), depth);
    stage.fill([leafClump(px, py, size, random)], {
      from: t > 0.6 ? mix(base, { ...stage.light.beam, l: base.l + 0.05 }, 0.15) : base,
      detail: 0.5,
      flow: random.next() * 0.5,
    });
  }
}

function leafClump(x: number, y: number, size: number, random: Random): readonly number[] {
  const points: number[] = [];
  for (let i = 0; i < 9; i++) {
    const reach = size * random.range(0.7, 1.2);
    points.push(x + cosine(i / 9) * reach, y + sine(i / 9) * reach * 0.8);
  }
  return spline(points, true);
}

/** A birch stem from its foot to beyond the upper edge, with its dark marks. */
export function growBirch(stage: Stage, plan: TreePlan, random: Random): void {
  const { x, y, height, depth } = plan;
  const width = height * 0.042;
  const lean = random.range(-0.06, 0.06) * height;
  const top = y - height;
  const bark = stage.lit(lch(0.93, 0.015, 85), depth);
  const line = spline([x, y, x + lean * 0.3, y - height * 0.4, x + lean, top], false);
  const side = stage.sun.x > x ? -1 : 1;
  stage.fill([ribbon(line, width, width * 0.5)], {
    from: bark,
    to: stage.lit(lch(0.62, 0.035, 265), depth),
    axis: [x - side * width * 0.3, y, x + side * width * 0.55, y],
    detail: 0.85,
    flow: 0.25,
  });
  paintBirchMarks(stage, plan, lean, random);
  if (plan.leaf) paintSprays(stage, plan, lean, random);
}

const MARK = 'S -1 0 0 -.3 1 .1 0 .35';
const TWIG = 'W .036 .01 0 0 .4 -.4 .73 -1';

function paintBirchMarks(stage: Stage, plan: TreePlan, lean: number, random: Random): void {
  const { height } = plan;
  const from = stage.lit(lch(0.25, 0.02, 60), plan.depth);
  const at = (t: number): { x: number; y: number } => ({
    x: plan.x + lean * t * t,
    y: plan.y - height * t,
  });
  for (let i = 0; i < 13; i++) {
    const spot = at(random.next());
    const x = spot.x + (random.next() - 0.5) * height * 0.025;
    const scale = height * random.range(0.005, 0.016);
    stage.fill(stage.shape(MARK, { x, y: spot.y, scale }), { from, detail: 0.9, alpha: 0.85 });
  }
  for (let i = 0; i < 3; i++) {
    const place = {
      ...at(random.range(0.5, 0.9)),
      scale: height * 0.15,
      mirror: random.chance(0.5),
    };
    stage.fill(stage.shape(TWIG, place), { from, detail: 0.8 });
  }
}

function paintSprays(stage: Stage, plan: TreePlan, lean: number, random: Random): void {
  const leaf = plan.leaf ?? lch(0.6, 0.1, 120);
  for (let i = 0; i < 70; i++) {
    const t = random.range(0.42, 1);
    const px = plan.x + lean * t * t + (random.next() - random.next()) * plan.height * 0.16;
    const py = plan.y - plan.height * t + random.range(-0.03, 0.05);
    const size = plan.height * random.range(0.004, 0.012);
    stage.fill([ellipse(px, py, size, size * 0.65, random.next())], {
      from: stage.lit(
        lighter(turnHue(leaf, random.range(-16, 16)), random.range(-0.1, 0.1)),
        plan.depth,
      ),
      alpha: 0.85,
      detail: 0.4,
    });
  }
}

/** A fir, drawn from its figure; snow lies on it in winter. */
export function growPine(stage: Stage, plan: TreePlan, random: Random): void {
  const colour = lch(random.range(0.34, 0.42), 0.06, random.range(145, 170));
  drawFigure(stage, plan.bare ? snowyPine : pine, {
    x: plan.x,
    y: plan.y,
    scale: plan.height,
    depth: plan.depth,
    colour,
    stretch: random.range(0.95, 1.25),
    mirror: stage.sun.x > plan.x,
  });
}

/** A dark line of distant trees along the horizon. */
export function paintTreeLine(
  stage: Stage,
  y: number,
  height: number,
  depth: number,
  random: Random,
): void {
  const winter = stage.brief.season === 'winter' || stage.brief.weather.has('snow');
  const count = Math.round((stage.width / height) * 4.2);
  for (let i = 0; i < count; i++) {
    const x = random.range(-0.02, stage.width + 0.02);
    const tall = height * random.range(0.55, 1.15);
    growPine(
      stage,
      { x, y: y + random.range(0, 0.012), height: tall, depth, bare: winter && random.chance(0.7) },
      random,
    );
  }
}

/** A few trees scattered over open land, far and small. */
export function paintCopse(stage: Stage): void {
  const random = stage.chance('copse');
  const span = stage.height - stage.horizon;
  for (let i = 0; i < 9; i++) {
    const t = i / 9;
    const x = random.range(0, stage.width);
    if (Math.abs(x - stage.heroX) < 0.16) continue;
    const leaf = leafColour(stage, random);
    const spot = {
      x,
      y: stage.horizon + span * (0.015 + t * 0.2),
      height: 0.07 + t * 0.13,
      depth: 0.55 - t * 0.3,
    };
    growTree(stage, { ...spot, ...(leaf && { leaf }) }, random);
  }
}
