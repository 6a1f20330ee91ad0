import { fillGaps } from '../retouch/membrane.js';
import { isInk, LABEL } from './letters.js';
import { type Box, outness, type Oval } from './oval.js';
import type { Portrait } from './portrait.js';

/** A part of a picture: three bytes for each pixel. */
export interface Region {
  readonly rgb: Uint8ClampedArray;
  readonly box: Box;
}

/** From here outwards the picture's own colours are looked at, in the oval's measure. */
const RIM = 0.84;
/** Levels of lightness: few enough to be seen. */
const LEVELS = 6;
/** The band along the rim that is drawn, not blended. */
const OUTLINE = 0.93;
const DASHES = 24;
/** Half the width of the label, and its middle, in the oval's own measure. */
const LABEL_HALF = 0.72;
const LABEL_AT = 0.52;

/**
 * Lays a portrait into the oval of a region so that it takes on the light and the colours that
 * were there (membrane blending: the difference along the rim is spread smoothly over the inside and
 * added), and then
 * marks it as what it is: in few colours, hatched, with a dashed outline, and where there is room with
 * the words STAND-IN. Nothing outside the oval is changed.
 */
export function layOver({ rgb, box }: Region, oval: Oval, portrait: Portrait): void {
  const cells = differences({ rgb, box }, oval, portrait);
  fillGaps(cells, box.width, box.height);
  const colour = new Float64Array(3);
  for (let at = 0; at < box.width * box.height; at++) {
    const column = at % box.width;
    const [x, y] = [box.left + column + 0.5, box.top + (at - column) / box.width + 0.5];
    const out = outness(oval, x, y);
    if (out > 1) continue;
    const [u, v] = [(x - oval.cx) / oval.rx, (y - oval.cy) / oval.ry];
    portrait.at(u, v, colour);
    for (let c = 0; c < 3; c++) colour[c] = bounded((colour[c] ?? 0) + (cells[at * 4 + c] ?? 0));
    posterise(colour);
    mark(colour, { x, y, u, v, out }, oval);
    for (let c = 0; c < 3; c++) rgb[at * 3 + c] = colour[c] ?? 0;
  }
}

/** By how much the picture differs from the portrait; known along the rim alone. */
function differences({ rgb, box }: Region, oval: Oval, portrait: Portrait): Float32Array {
  const cells = new Float32Array(box.width * box.height * 4);
  const colour = new Float64Array(3);
  for (let at = 0; at < box.width * box.height; at++) {
    const column = at % box.width;
    const [x, y] = [box.left + column + 0.5, box.top + (at - column) / box.width + 0.5];
    const out = outness(oval, x, y);
    if (out < RIM || out > 1) continue;
    portrait.at((x - oval.cx) / oval.rx, (y - oval.cy) / oval.ry, colour);
    for (let c = 0; c < 3; c++) cells[at * 4 + c] = (rgb[at * 3 + c] ?? 0) - (colour[c] ?? 0);
    cells[at * 4 + 3] = 1;
  }
  return cells;
}

const bounded = (value: number): number => Math.min(255, Math.max(0, value));

function posterise(colour: Float64Array): void {
  const light = 0.299 * (colour[0] ?? 0) + 0.587 * (colour[1] ?? 0) + 0.114 * (colour[2] ?? 0);
  const level = (Math.round((light / 255) * (LEVELS - 1)) / (LEVELS - 1)) * 255;
  for (let c = 0; c < 3; c++) colour[c] = bounded((colour[c] ?? 0) + level - light);
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly u: number;
  readonly v: number;
  readonly out: number;
}

function mark(colour: Float64Array, { x, y, u, v, out }: Place, oval: Oval): void {
  if (out > OUTLINE) {
    const turn = (Math.atan2(v, u) / (2 * Math.PI) + 0.5) * DASHES;
    colour.fill(Math.floor(turn * 2) % 2 === 0 ? 20 : 245);
    return;
  }
  const dot = (2 * LABEL_HALF * oval.rx) / LABEL.width;
  const column = Math.floor(((u + LABEL_HALF) * oval.rx) / dot);
  const row = Math.floor((y - (oval.cy + LABEL_AT * oval.ry)) / dot + LABEL.height / 2);
  const onLabel = column >= 0 && column < LABEL.width && row >= 0 && row < LABEL.height;
  // Below a pixel for each dot nobody could read it; the hatching and the outline still say it.
  if (onLabel && dot >= 1) {
    colour.fill(isInk(column, row) ? 15 : 250);
    return;
  }
  const pitch = Math.max(4, oval.rx / 9);
  if ((x + y) % pitch < pitch * 0.28) {
    for (let c = 0; c < 3; c++) colour[c] = (colour[c] ?? 0) * 0.45 + 255 * 0.55;
  }
}
