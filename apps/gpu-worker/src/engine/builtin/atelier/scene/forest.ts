import { lch, mix, turnHue } from '../drawing/colour.js';
import type { Random } from '../drawing/random.js';
import { paintLand } from './meadow.js';
import { paintMist } from './ridges.js';
import type { Stage } from './stage.js';
import { growBirch, growPine, growTree, leafColour, paintTreeLine } from './trees.js';

export type Wood = 'birch' | 'pine' | 'leaf';

/** A wood seen from inside: rows of trees that fade into the air, a clearing at the hero. */
export function paintForest(stage: Stage, wood: Wood): void {
  const random = stage.chance('forest');
  const snowy = stage.brief.weather.has('snow') || stage.brief.season === 'winter';
  paintTreeLine(stage, stage.horizon + 0.02, 0.3, 0.82, random);
  const floor = snowy ? lch(0.93, 0.02, 250) : floorColour(stage);
  paintLand(stage, floor);
  paintShafts(stage, random);
  for (const [i, t] of [0.1, 0.28, 0.55].entries()) {
    plantRow(stage, wood, t, random);
    paintMist(
      stage,
      stage.horizon - 0.02 + i * 0.04,
      stage.horizon + 0.16 + i * 0.08,
      0.15 + stage.light.air * 0.3,
    );
  }
}

const floorColour = (stage: Stage): ReturnType<typeof lch> => {
  const { season } = stage.brief;
  if (season === 'autumn') return lch(0.55, 0.11, 60);
  return mix(lch(0.46, 0.085, 125), lch(0.5, 0.06, 70), stage.light.warmth > 0.3 ? 0.5 : 0.15);
};

/** The nearest stems, at the sides, drawn after the hero so that they frame it. */
export function paintForestFrame(stage: Stage, wood: Wood): void {
  const random = stage.chance('frame');
  const middle = stage.heroX / stage.width;
  const spots = [0.03, 0.17, 0.8, 0.96].filter((at) => Math.abs(at - middle) > 0.22);
  for (const at of spots) {
    const x = (at + random.range(-0.03, 0.03)) * stage.width;
    const plan = {
      x,
      y: stage.height * random.range(0.93, 1.02),
      height: stage.height * random.range(1.05, 1.25),
      depth: 0,
    };
    if (wood === 'pine') grow(stage, wood, plan, random);
    else if (wood === 'birch') grow(stage, wood, plan, random);
    else grow(stage, wood, { ...plan, height: plan.height * 1.75 }, random);
  }
}

function plantRow(stage: Stage, wood: Wood, t: number, random: Random): void {
  const span = stage.height - stage.horizon;
  const count = Math.round(stage.width * (15 - t * 15));
  for (let i = 0; i < count; i++) {
    const x = ((i + random.range(0.1, 0.9)) / count) * stage.width;
    const clear = Math.abs(x - stage.heroX) / stage.width;
    if (t > 0.2 && clear < 0.13 + t * 0.12) continue;
    const y = stage.horizon + span * (t + random.range(-0.03, 0.05)) + 0.02;
    const height = (0.42 + t * 0.85) * random.range(0.85, 1.2) * Math.max(1, stage.height * 0.85);
    grow(stage, wood, { x, y, height, depth: 0.72 * (1 - t) }, random);
  }
}

interface Spot {
  x: number;
  y: number;
  height: number;
  depth: number;
}

function grow(stage: Stage, wood: Wood, spot: Spot, random: Random): void {
  const snowy = stage.brief.weather.has('snow') || stage.brief.season === 'winter';
  const leaf = leafColour(stage, random);
  if (wood === 'pine') growPine(stage, { ...spot, height: spot.height * 0.8, bare: snowy }, random);
  else if (wood === 'birch') {
    const gold = leaf && stage.brief.season !== 'spring' ? turnHue(leaf, -18) : leaf;
    growBirch(stage, { ...spot, height: spot.height * 1.35, ...(gold && { leaf: gold }) }, random);
  } else growTree(stage, { ...spot, ...(leaf && { leaf }) }, random);
}

// Light that falls aslant between the stems in the morning and at evening.
function paintShafts(stage: Stage, random: Random): void {
  if (stage.light.time === 'night' || stage.brief.weather.has('rain')) return;
  for (let i = 0; i < 6; i++) {
    const x = stage.sun.x + random.range(-0.1, 0.1);
    const reach = stage.height * random.range(0.75, 1.1);
    const lean = (stage.heroX - stage.sun.x) * random.range(0.4, 1.6);
    const w = random.range(0.02, 0.07);
    stage.fill([[x, -0.05, x + w, -0.05, x + lean + w * 3, reach, x + lean, reach]], {
      from: stage.light.beam,
      to: stage.light.beam,
      axis: [x, 0, x + lean, reach],
      fade: true,
      mode: 'add',
      alpha: 0.22,
    });
  }
}
