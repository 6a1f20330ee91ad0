import { nearPixel } from '../drawing/pixel.js';
import { Random } from '../drawing/random.js';
import { clamp, cosine, sine } from '../drawing/turn.js';
import { spreadDetail, type Surface } from '../drawing/surface.js';
import type { Stage } from '../scene/stage.js';
import { Canvas } from './canvas.js';
import { distance, luminance, Pyramid } from './pyramid.js';
import { progressOf, type Technique } from './technique.js';
import { type TipName, tipsOf } from './tips.js';

/** The hand of a painter who works in strokes. Widths are shares of the short side. */
export interface Hand {
  tip: TipName;
  widest: number;
  finest: number;
  /** Length of a stroke in widths. */
  reach: number;
  /** 0..256. */
  alpha: number;
  /** Spread of lightness and of colour between strokes, in byte steps. */
  lightSpread: number;
  colourSpread: number;
  /** How much the finest places are drawn sharp in the last passes, 0..1. */
  finish: number;
  /** What an untouched place looks like, 0xRRGGBB, or the scene's own undertone. */
  ground: number | undefined;
  /** Below this error a place is left alone in later passes. */
  tolerance: number;
  bend: number;
  body: number;
  /** Distance between strokes, in parts of the usual; 1 when absent. */
  spacing?: number;
  /** The same direction everywhere, in turns, as with hatching. */
  hatch?: number;
}

interface Heading {
  x: number;
  y: number;
  dx: number;
  dy: number;
}

/**
 * Paints from broad to fine. Each pass covers what still differs from the scene with
 * strokes along the forms, after Haeberli (1990) and Hertzmann (1998).
 */
export class StrokePainter implements Technique {
  readonly canvas: Canvas;
  readonly #target: Pyramid;
  readonly #surface: Surface;
  readonly #unit: number;

  constructor(
    stage: Stage,
    private readonly passes: number,
    private readonly seed: number,
    private readonly hand: Hand,
    private readonly after: (canvas: Canvas) => void,
  ) {
    this.#surface = stage.surface;
    spreadDetail(stage.surface, Math.max(2, Math.round(stage.unit / 300)));
    this.#unit = stage.unit;
    this.#target = new Pyramid(stage.surface.rgb, stage.surface.width, stage.surface.height);
    this.canvas = new Canvas(stage.surface.width, stage.surface.height);
    const ground = hand.ground ?? warmed(this.#target.at(this.#target.levelFor(1e6), 0, 0));
    for (let i = 0; i < this.canvas.rgb.length; i += 3) {
      this.canvas.rgb[i] = ground >> 16;
      this.canvas.rgb[i + 1] = (ground >> 8) & 255;
      this.canvas.rgb[i + 2] = ground & 255;
    }
  }

  pass(index: number): void {
    const t = progressOf(index, this.passes);
    const width = Math.max(2.2, this.#widthAt(t) * this.#unit);
    const random = new Random((this.seed + Math.imul(index + 1, 0x9e3779b1)) >>> 0);
    const gap = width * (t < 0.3 ? 0.62 : 0.74) * (this.hand.spacing ?? 1);
    const columns = Math.ceil(this.canvas.width / gap);
    const count = columns * Math.ceil(this.canvas.height / gap);
    const stride = strideFor(count);
    for (let i = 0, cell = random.int(count); i < count; i++, cell = (cell + stride) % count) {
      const x = ((cell % columns) + random.next()) * gap;
      const y = (Math.floor(cell / columns) + random.next()) * gap;
      this.#dab(Math.floor(x), Math.floor(y), width, t, random);
    }
    if (t > 0.7 && this.hand.finish > 0) this.#sharpen(this.hand.finish * (t - 0.6) * 1.2);
  }

  finish(): Uint8Array {
    this.after(this.canvas);
    return this.canvas.rgb;
  }

  #widthAt(t: number): number {
    const { widest, finest } = this.hand;
    const finer = finest * clamp(Math.sqrt(Math.sqrt(20 / Math.max(6, this.passes))), 0.75, 1.3);
    const share = (1 - t) * (1 - t);
    return finer + (widest - finer) * share * (0.4 + 0.6 * share);
  }

  #dab(x: number, y: number, width: number, t: number, random: Random): void {
    if (x >= this.canvas.width || y >= this.canvas.height) return;
    const { hand } = this;
    const level = this.#target.levelFor(width * 0.55);
    const wanted = this.#target.at(level, x, y);
    const error = distance(wanted, this.canvas.colourAt(x, y));
    const care = (this.#surface.detail[y * this.#surface.width + x] ?? 0) / 255;
    const limit = hand.tolerance * (1.7 - care * 1.2) * (t < 0.12 ? 0 : 0.5 + t);
    if (error < limit) return;
    if (t > 0.55 && error < 90 && random.next() > 0.25 + care) return;
    const [dx, dy] = this.#direction(x, y, level, random);
    const wish = width * hand.reach * random.range(0.75, 1.25);
    const length = Math.max(width * 1.1, this.#fit({ x, y, dx, dy }, wish, level, wanted));
    this.canvas.stroke({
      x,
      y,
      dx,
      dy,
      length,
      width: width * random.range(0.85, 1.2),
      bend: Math.round(3 + (random.next() - 0.5) * hand.bend * 6),
      colour: varied(wanted, hand, random, 1 - t * 0.45),
      alpha: hand.alpha,
      tip: tipsOf(hand.tip)[random.int(8)] ?? new Uint8Array(4096),
      body: hand.body * (0.5 + luminance(wanted) / 400),
    });
  }

  // Along an edge where there is one, else with the flow of the scene.
  #direction(x: number, y: number, level: number, random: Random): readonly [number, number] {
    const step = 1 << Math.max(1, level);
    const target = this.#target;
    const gx = luminance(target.at(level, x + step, y)) - luminance(target.at(level, x - step, y));
    const gy = luminance(target.at(level, x, y + step)) - luminance(target.at(level, x, y - step));
    const steep = Math.sqrt(gx * gx + gy * gy);
    if (this.hand.hatch !== undefined) return unit(this.hand.hatch + random.range(-0.02, 0.02));
    if (steep > 14) return [-gy / steep, gx / steep];
    const flow = (this.#surface.flow[y * this.#surface.width + x] ?? 0) / 512;
    return unit(flow + random.range(-0.035, 0.035));
  }

  // Shortens a stroke that would run over into another colour.
  #fit({ x, y, dx, dy }: Heading, length: number, level: number, wanted: number): number {
    let fitting = length;
    for (const share of [0.5, 0.25]) {
      for (const way of [-1, 1]) {
        const px = Math.round(x + dx * length * share * way);
        const py = Math.round(y + dy * length * share * way);
        const strange = distance(this.#target.at(level, px, py), wanted) > 64;
        if (strange) fitting = Math.min(fitting, length * (share * 1.3));
      }
    }
    return fitting;
  }

  // Draws the finest places with a pointed brush: a share of the scene itself.
  #sharpen(share: number): void {
    const { rgb } = this.canvas;
    const target = this.#surface.rgb;
    const { detail } = this.#surface;
    for (let i = 0; i < detail.length; i++) {
      const care = detail[i] ?? 0;
      if (care < 100) continue;
      nearPixel(rgb, i * 3, target, Math.round((care - 80) * share));
    }
  }
}

const unit = (turns: number): readonly [number, number] => [cosine(turns), sine(turns)];

// A step through all cells that looks random: odd multiplier made coprime with the count.
function strideFor(count: number): number {
  let stride = Math.max(1, Math.floor(count * 0.618));
  while (greatestDivisor(stride, count) !== 1) stride++;
  return stride;
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

// The undertone: the scene's mean colour, warmer and darker, as a toned ground.
function warmed(rgb: number): number {
  const r = Math.min(255, ((rgb >> 16) & 255) * 0.7 + 50);
  const g = ((rgb >> 8) & 255) * 0.62 + 26;
  const b = (rgb & 255) * 0.55 + 16;
  return (Math.round(r) << 16) | (Math.round(g) << 8) | Math.round(b);
}

function varied(colour: number, hand: Hand, random: Random, amount: number): number {
  const light = (random.next() - 0.5) * hand.lightSpread * amount;
  const channel = (shift: number): number => {
    const value =
      ((colour >> shift) & 255) + light + (random.next() - 0.5) * hand.colourSpread * amount;
    return Math.round(clamp(value, 0, 255)) << shift;
  };
  return channel(16) | channel(8) | channel(0);
}
