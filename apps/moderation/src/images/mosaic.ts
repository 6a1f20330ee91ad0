import type { Pixels } from './pixels.js';

/** Sides of blocks that are looked for, in pixels. */
const SMALLEST = 4;
const LARGEST = 128;
/** A grid has this many lines each way, at least. */
const LINES = 5;
/** Of all change between neighbouring pixels, beyond what chance puts on a grid: 0 to 1. */
const SHARE_ON_GRID = 0.6;
/** Levels of 255 that neighbouring blocks differ by, on average: less is a gradient in steps. */
const STEP = 2.5;
/** A hidden part has this side, in pixels, or half of it more or less. */
const WINDOW = 192;

/**
 * Whether a picture, or a part of it, is blocks of one colour each. It is told by where neighbouring
 * pixels differ: in a mosaic almost only on the lines of a grid, in both directions.
 */
export function isMosaic(pixels: Pixels): boolean {
  const light = lightOf(pixels);
  const { width, height } = pixels;
  if (hasGrid(light, { width, left: 0, top: 0, across: width, down: height })) return true;
  for (let top = 0; top + WINDOW <= height; top += WINDOW / 2) {
    for (let left = 0; left + WINDOW <= width; left += WINDOW / 2) {
      if (hasGrid(light, { width, left, top, across: WINDOW, down: WINDOW })) return true;
    }
  }
  return false;
}

interface Part {
  /** Of the whole picture. */
  readonly width: number;
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly down: number;
}

function lightOf({ data, width, height }: Pixels): Float32Array {
  const light = new Float32Array(width * height);
  for (let at = 0; at < light.length; at++) {
    const [red = 0, green = 0, blue = 0] = [data[at * 3], data[at * 3 + 1], data[at * 3 + 2]];
    light[at] = 0.299 * red + 0.587 * green + 0.114 * blue;
  }
  return light;
}

const hasGrid = (light: Float32Array, part: Part): boolean => {
  const { columns, rows } = changesIn(light, part);
  return isOnGrid(columns) && isOnGrid(rows);
};

/** Mean change from one column of pixels to the next, and from one row to the next. */
function changesIn(light: Float32Array, { width, left, top, across, down }: Part) {
  const [columns, rows] = [new Float64Array(across), new Float64Array(down)];
  for (let y = 0; y < down; y++) {
    for (let x = 0, at = (top + y) * width + left; x < across; x++, at++) {
      const here = light[at] ?? 0;
      if (x > 0) columns[x] = (columns[x] ?? 0) + Math.abs(here - (light[at - 1] ?? 0)) / down;
      if (y > 0) rows[y] = (rows[y] ?? 0) + Math.abs(here - (light[at - width] ?? 0)) / across;
    }
  }
  return { columns, rows };
}

/** Whether there are lines, the same distance apart, that have almost all of the change. */
function isOnGrid(changes: Float64Array): boolean {
  const sum = changes.reduce((all, one) => all + one, 0);
  const largest = Math.min(LARGEST, changes.length / LINES);
  for (let side = SMALLEST; side <= largest; side += side < 16 ? 0.5 : 1) {
    const lines = Math.floor(changes.length / side) - 1;
    if (sum < STEP * lines) continue;
    // Blocks that were drawn larger or smaller have blurred edges: the neighbours count with a line.
    const reach = side < 8 ? 0 : 1;
    const byChance = (1 + 2 * reach) / side;
    for (let offset = 0; offset < side; offset += 1) {
      const on = onLines(changes, side, offset, reach);
      if ((on / sum - byChance) / (1 - byChance) >= SHARE_ON_GRID) {
        if (linesTaken(changes, side, offset, reach) >= LINES) return true;
      }
    }
  }
  return false;
}

function onLines(changes: Float64Array, side: number, offset: number, reach: number): number {
  let on = 0;
  for (let line = offset; line < changes.length; line += side) {
    const middle = Math.round(line);
    for (let at = middle - reach; at <= middle + reach; at++) on += changes[at] ?? 0;
  }
  return on;
}

/** How many lines have a change that can be seen: a few edges on a line each are no grid. */
function linesTaken(changes: Float64Array, side: number, offset: number, reach: number): number {
  let [taken, most] = [0, 0];
  for (let line = offset; line < changes.length; line += side) {
    const middle = Math.round(line);
    let change = 0;
    for (let at = middle - reach; at <= middle + reach; at++) change += changes[at] ?? 0;
    taken = change >= STEP / 2 ? taken + 1 : 0;
    most = Math.max(most, taken);
  }
  return most;
}
