import { noiseTile } from '../drawing/noise.js';
import { clamp, ease } from '../drawing/turn.js';
import { addGrain } from './finishing.js';
import { pack, Printer, pyramidOf, vivid } from './print.js';
import { luminance } from './pyramid.js';
import type { TechniqueMaker } from './technique.js';

const paperGrain =
  (strength: number) =>
  (rgb: Uint8Array, width: number, height: number): void =>
    addGrain(rgb, width, height, strength, false);

const PAPER = [243, 233, 211] as const;
const BLOCK_INK = [31, 27, 33] as const;

/** Colour blocks under a key block whose carved lines swell with the shade. */
export const woodcut: TechniqueMaker = (stage, passes) => {
  const pyramid = pyramidOf(stage);
  const { unit, surface } = stage;
  const pitch = unit / 105;
  const soft = pyramid.levelFor(unit / 160);
  const fine = unit > 1400 ? 1 : 0;
  const away = Math.round(unit / 300);
  const plate = (x: number, y: number): number => {
    const px = Math.round(x);
    const py = Math.round(y);
    const at = Math.min(py, surface.height - 1) * surface.width + Math.min(px, surface.width - 1);
    const colour = pyramid.at(fine, px, py);
    const tone = luminance(pyramid.at(soft, px, py)) / 255;
    const flow = surface.flow[at] ?? 0;
    const course = flow > 82 && flow < 184 ? x : y;
    const phase = course / pitch + wobbleAt(px / unit, py / unit) * 1.1 + tone * 5;
    const line = Math.abs(phase - Math.floor(phase) - 0.5) * 2;
    const open = ease(0.02, (surface.detail[at] ?? 0) > 225 ? 0.34 : 0.6, tone) * 1.1;
    const edge = luminance(colour) - luminance(pyramid.at(soft, px + away, py + away));
    return line > open || Math.abs(edge) > 52 ? pack(...BLOCK_INK) : blockColour(colour);
  };
  return new Printer(stage, passes, plate, paperGrain(13));
};

// How a carved line strays, -1..1.
function wobbleAt(x: number, y: number): number {
  const at = (((y * 180) & 255) << 8) | ((x * 180) & 255);
  return ((noiseTile()[at] ?? 128) - 128) / 128;
}

// The colour block's few steps of lightness, printed thinly enough for paper to show.
function blockColour(colour: number): number {
  const light = luminance(colour);
  const k = light > 3 ? Math.max(60, Math.round(light / 48) * 48) / light : 1;
  const [r, g, b] = vivid(colour, 1.35);
  const inked = (v: number, p: number): number => Math.min(255, v * k) * 0.8 + p * 0.2;
  return pack(inked(r, PAPER[0]), inked(g, PAPER[1]), inked(b, PAPER[2]));
}

const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];

/** Square points of few colours, mixed by an ordered dither. */
export const pixel: TechniqueMaker = (stage, passes) => {
  const pyramid = pyramidOf(stage);
  const cell = Math.max(2, Math.round(stage.unit / (passes >= 35 ? 160 : 128)));
  const level = pyramid.levelFor(cell * 0.9);
  const plate = (x: number, y: number): number => {
    const cx = Math.floor(x / cell);
    const cy = Math.floor(y / cell);
    const colour = pyramid.at(level, cx * cell + (cell >> 1), cy * cell + (cell >> 1));
    const dither = ((BAYER[(cy & 3) * 4 + (cx & 3)] ?? 0) / 16 - 0.47) * 17;
    const [r, g, b] = vivid(colour, 1.3);
    const step = (v: number): number => Math.round(clamp((v + dither) / 255) * 10) * 25.5;
    return pack(step(r), step(g), step(b));
  };
  return new Printer(
    stage,
    passes,
    (x, y) => plate(Math.floor(x), Math.floor(y)),
    () => undefined,
  );
};

/** Flat shapes in few tones on matt paper. */
export const minimal: TechniqueMaker = (stage, passes) => {
  const pyramid = pyramidOf(stage);
  const plate = (x: number, y: number): number => {
    const colour = pyramid.at(0, Math.floor(x), Math.floor(y));
    const light = luminance(colour);
    const flat = Math.round(light / 25) * 25;
    const k = light > 3 ? flat / light : 1;
    const [r, g, b] = vivid(colour, 1.12);
    return pack(r * k * 0.93 + 12, g * k * 0.93 + 11, b * k * 0.93 + 8);
  };
  return new Printer(stage, passes, plate, paperGrain(8));
};

const DECO = [
  [14, 22, 38],
  [20, 58, 74],
  [44, 110, 112],
  [196, 148, 72],
  [236, 204, 134],
  [250, 240, 214],
] as const;

/** Steps of navy, teal and gold, rays behind the subject, a double gold frame. */
export const deco: TechniqueMaker = (stage, passes) => {
  const pyramid = pyramidOf(stage);
  const { unit, surface, sun } = stage;
  const gold = pack(214, 170, 92);
  const plate = (x: number, y: number): number => {
    const inset = Math.min(x, y, surface.width - 1 - x, surface.height - 1 - y) / unit;
    if (inset < 0.016) return pack(...DECO[0]);
    if (inset < 0.022 || (inset > 0.03 && inset < 0.033)) return gold;
    const colour = pyramid.at(0, Math.floor(x), Math.floor(y));
    const care = surface.detail[Math.floor(y) * surface.width + Math.floor(x)] ?? 0;
    const ray =
      care < 70 && y / unit < stage.horizon ? rayAt(x / unit - sun.x, y / unit - sun.y) * 20 : 0;
    const tone = clamp((luminance(colour) + ray) / 256);
    const index = Math.min(5, Math.floor(tone * 6));
    const inkStep = DECO[index] ?? DECO[0];
    const [r, g, b] = vivid(colour, 1.2);
    const own = care > 150 ? 0.5 : 0.26;
    return pack(
      inkStep[0] * (1 - own) + r * own,
      inkStep[1] * (1 - own) + g * own,
      inkStep[2] * (1 - own) + b * own,
    );
  };
  return new Printer(stage, passes, plate, paperGrain(7));
};

// Alternating rays about a point, told apart by an angle measure without arc tangent.
function rayAt(dx: number, dy: number): number {
  const total = Math.abs(dx) + Math.abs(dy) || 1;
  const quarter = dx / total;
  const around = dy < 0 ? quarter : 2 - quarter;
  return (Math.floor((around + 1) * 9) & 1) === 0 ? 1 : -1;
}
