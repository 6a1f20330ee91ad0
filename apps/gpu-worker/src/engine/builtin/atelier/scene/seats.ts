import { boundsOf, outlinesOf } from '../drawing/outline.js';
import type { Random } from '../drawing/random.js';
import { clamp } from '../drawing/turn.js';
import type { Figure } from '../motifs/figure.js';
import type { Ground } from './outdoors.js';
import type { World } from './setting.js';
import type { Stage } from './stage.js';

/** Who asks for a place: the `i`-th of `count` of the `index`-th subject, `seat` over all. */
export interface Asking {
  world: World;
  ground: Ground;
  figure: Figure | undefined;
  inFile: boolean;
  index: number;
  i: number;
  count: number;
  seat: number;
}

/** Where a foot stands, how far off that is, and what that does to its size. */
export interface Spot {
  x: number;
  y: number;
  depth: number;
  near: number;
}

/** Finds a place that suits a subject; the first of all stands at the hero's. */
export function spotFor(stage: Stage, asking: Asking, random: Random): Spot {
  const { world, figure, i, index } = asking;
  if (asking.inFile) return fileSpot(stage, i, asking.count);
  const x = acrossOf(stage, index, i, random);
  switch (world) {
    case 'space': {
      const high = index + i === 0 ? 0.74 : random.range(0.4, 0.8);
      return { x, y: stage.height * high, depth: i * 0.06, near: 1.15 };
    }
    case 'underwater': {
      const high = i > 0 ? random.range(0.3, 0.8) : index === 0 ? 0.7 : 0.46;
      const depth = Math.min(0.5, i * 0.12 + index * 0.1);
      return { x, y: stage.height * high, depth, near: 1.1 };
    }
    case 'room':
      return tableSpot(stage, asking.seat, random);
    default:
      return figure?.habitat === 'air'
        ? airSpot(stage, x, i, random)
        : landSpot(stage, asking, x, random);
  }
}

// The first at the hero's third or across from it, the others to both sides.
function acrossOf(stage: Stage, index: number, i: number, random: Random): number {
  const lead = index === 0 ? stage.heroX : stage.width - stage.heroX;
  if (i === 0) return lead;
  const side = (index + i) % 2 === 0 ? 1 : -1;
  const apart = (0.2 + 0.14 * ((i + index) >> 1)) * side + random.range(-0.05, 0.05);
  return clamp(lead + apart * stage.width, stage.width * 0.06, stage.width * 0.94);
}

function airSpot(stage: Stage, x: number, i: number, random: Random): Spot {
  const high = i === 0 ? 0.78 : random.range(0.35, 0.8);
  return { x, y: stage.horizon * high, depth: Math.min(0.5, i * 0.13 + 0.05), near: 1 };
}

// `t` runs from the horizon, 0, to the lower edge, 1.
function landSpot(
  stage: Stage,
  { figure, ground, i, index }: Asking,
  x: number,
  random: Random,
): Spot {
  const at = (t: number, depth: number, near: number): Spot => ({
    x,
    y: stage.horizon + (stage.height - stage.horizon) * t,
    depth,
    near,
  });
  switch (figure?.habitat) {
    case 'far':
      return at(0.09, 0.22, 1);
    case 'table':
      return at(random.range(0.8, 1), 0, index === 0 ? 0.7 : 0.42);
    case 'water':
    case 'deep': {
      const t = i + index === 0 ? 0.36 : random.range(0.08, 0.5);
      return at(t, (1 - t) * 0.3, 0.55 + t);
    }
    default: {
      const lead = ground === 'water' ? 0.3 : 0.56;
      const t = i === 0 ? lead - Math.min(index, 3) * 0.1 : lead * random.range(0.35, 0.9);
      return at(t, (1 - t) * 0.25, 0.62 + t * 0.68);
    }
  }
}

// A caravan walks in file over the dunes, away into the distance.
function fileSpot(stage: Stage, i: number, count: number): Spot {
  const t = i / count;
  const way = stage.heroX < stage.width / 2 ? 1 : -1;
  return {
    x: stage.width * (0.5 + way * (t * 0.92 - 0.34)),
    y: stage.horizon + (stage.height - stage.horizon) * (0.52 - t * 0.3),
    depth: t * 0.3,
    near: 0.62 - t * 0.3,
  };
}

// Places on a table from the middle outwards, as shares of the width.
const TABLE = [0.44, 0.66, 0.25, 0.83, 0.12, 0.55, 0.92, 0.34];

function tableSpot(stage: Stage, seat: number, random: Random): Spot {
  const back = seat === 0 ? 0.46 : seat % 2 ? random.range(0.5, 0.64) : random.range(0.2, 0.34);
  return {
    x: stage.width * (TABLE[seat % TABLE.length] ?? 0.5),
    y: stage.horizon + (stage.height - stage.horizon) * back,
    depth: 0,
    near: 1,
  };
}

/** Moves a wide thing in from the rim until it shows whole, if it can. */
export function insideX(stage: Stage, figure: Figure, x: number, scale: number): number {
  const solid = figure.parts.filter(([tone]) => tone !== 'h' && tone !== 'f');
  const [left, , right] = boundsOf(solid.flatMap(([, drawing]) => outlinesOf(drawing)));
  const half = (Math.max(50 - left, right - 50) / 100) * scale + 0.03;
  return half * 2 > stage.width ? stage.width / 2 : clamp(x, half, stage.width - half);
}
