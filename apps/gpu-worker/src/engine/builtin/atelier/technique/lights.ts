import { addGrain } from './finishing.js';
import { Random } from '../drawing/random.js';
import { pack, Printer, pyramidOf, vivid } from './print.js';
import { distance, luminance } from './pyramid.js';
import type { TechniqueMaker } from './technique.js';

// Places are in cells.
interface Pane {
  x: number;
  y: number;
  colour: number;
  glow: number;
}

/**
 * Panes of coloured glass in lead. A point belongs to the nearest pane in place and
 * colour together (as superpixels do, Achanta 2012), so leads follow the subject.
 */
export const glass: TechniqueMaker = (stage, passes, seed) => {
  const pyramid = pyramidOf(stage);
  const { unit, surface } = stage;
  const cell = unit / (passes >= 35 ? 38 : 30);
  const columns = Math.ceil(surface.width / cell) + 1;
  const rows = Math.ceil(surface.height / cell) + 1;
  const random = new Random(seed);
  const level = pyramid.levelFor(cell * 0.3);
  const panes: Pane[] = Array.from({ length: columns * rows }, (_, i) => {
    const x = (i % columns) + random.range(0.1, 0.9);
    const y = Math.floor(i / columns) + random.range(0.1, 0.9);
    const colour = pyramid.at(level, Math.round(x * cell), Math.round(y * cell));
    return { x, y, colour, glow: random.range(0.86, 1.2) };
  });
  const plate = (x: number, y: number): number => {
    const here = pyramid.at(1, Math.round(x), Math.round(y));
    const { pane, best, second } = nearest(panes, columns, x / cell, y / cell, here);
    const gap = Math.sqrt(second) - Math.sqrt(best);
    if (gap < 0.085 || !pane) return gap < 0.045 ? 0x17151a : 0x2c292f;
    const [r, g, b] = vivid(pane.colour, 1.5);
    const shine = pane.glow * (1.12 - Math.min(0.35, best * 0.3)) + (gap < 0.14 ? -0.12 : 0);
    return pack(r * shine + 8, g * shine + 8, b * shine + 10);
  };
  return new Printer(stage, passes, plate, (rgb, w, h) => addGrain(rgb, w, h, 9, false));
};

interface Nearest {
  pane: Pane | undefined;
  best: number;
  second: number;
}

// The pane nearest to a point, and how near it and the next one are (both squared).
function nearest(
  panes: readonly Pane[],
  columns: number,
  x: number,
  y: number,
  here: number,
): Nearest {
  const found: Nearest = { pane: undefined, best: Infinity, second: Infinity };
  const [cx, cy] = [Math.floor(x), Math.floor(y)];
  for (let row = cy - 1; row <= cy + 1; row++) {
    for (let column = Math.max(0, cx - 1); column <= Math.min(columns - 1, cx + 1); column++) {
      const other = panes[row * columns + column];
      if (!other) continue;
      const tint = distance(here, other.colour) / 190;
      const far = (x - other.x) * (x - other.x) + (y - other.y) * (y - other.y) + tint * tint;
      if (far < found.best) {
        found.second = found.best;
        found.best = far;
        found.pane = other;
      } else if (far < found.second) found.second = far;
    }
  }
  return found;
}

/** Night, with every outline drawn as a glowing tube. */
export const neon: TechniqueMaker = (stage, passes) => {
  const pyramid = pyramidOf(stage);
  const base = stage.unit > 1400 ? 1 : 0;
  const step = Math.max(1, Math.round(stage.unit / 640));
  const wide = pyramid.levelFor(stage.unit / 110);
  const reach = Math.round(stage.unit / 90);
  const slope = (level: number, x: number, y: number, d: number): number =>
    distance(pyramid.at(level, x - d, y), pyramid.at(level, x + d, y)) +
    distance(pyramid.at(level, x, y - d), pyramid.at(level, x, y + d));
  const plate = (fx: number, fy: number): number => {
    const x = Math.round(fx);
    const y = Math.round(fy);
    const colour = pyramid.at(base, x, y);
    const around = pyramid.at(wide, x, y);
    const tube = Math.min(1, Math.max(0, slope(base, x, y, step) - 40) / 200);
    const halo = Math.min(1, slope(wide, x, y, reach) / 620);
    const [r, g, b] = vivid(around, 2.6);
    const [br, bg, bb] = vivid(colour, 1.5);
    const dim = 0.42 + Math.max(0, luminance(colour) - 120) / 300;
    const add = tube * 0.95 + halo * 0.42;
    const hue = (v: number): number => 70 + Math.max(0, v) * 0.95;
    return pack(
      br * dim + hue(r) * add * 0.9 + 6,
      bg * dim + hue(g) * add * 0.7,
      bb * dim + hue(b) * add + 14,
    );
  };
  return new Printer(stage, passes, plate, (rgb, w, h) => addGrain(rgb, w, h, 4, false));
};
