import { Brush, type Paint } from '../drawing/brush.js';
import { chromaTimes, type Colour, lch, mix } from '../drawing/colour.js';
import { type Outline, outlinesOf, placed, type Placement } from '../drawing/outline.js';
import { Random } from '../drawing/random.js';
import { Surface } from '../drawing/surface.js';
import { clamp } from '../drawing/turn.js';
import type { Brief } from '../reading/brief.js';
import type { FilmNotes } from './film-notes.js';
import { type Light, lightOf } from './light.js';

/** What a scene is built on: size in units (short side = 1), light, chance and a brush. */
export class Stage {
  readonly surface: Surface;
  readonly brush: Brush;
  readonly unit: number;
  readonly width: number;
  readonly height: number;
  readonly light: Light;
  /** Where sky meets ground, in units from the top. */
  horizon: number;
  /** Where the sun or moon stands, in units. */
  sun: { x: number; y: number };
  /** Where the things that the words name stand: 1 for each of their pixels, if anyone asked. */
  cast: Uint8Array | undefined;
  /** What a film wants to know; nobody asks for a still picture. */
  film: FilmNotes | undefined;
  /** The side and place of the hero: thirds of the width. */
  readonly heroX: number;

  constructor(
    readonly brief: Brief,
    readonly seed: number,
    pixelWidth: number,
    pixelHeight: number,
  ) {
    this.surface = new Surface(pixelWidth, pixelHeight);
    this.unit = Math.min(pixelWidth, pixelHeight);
    this.brush = new Brush(this.surface, this.unit);
    this.width = pixelWidth / this.unit;
    this.height = pixelHeight / this.unit;
    const random = this.chance('stage');
    this.light = lightOf(brief, this.chance('light'));
    this.horizon = this.height * random.range(0.54, 0.66);
    const left = random.chance(0.5);
    this.heroX = this.width * (left ? random.range(0.3, 0.38) : random.range(0.62, 0.7));
    this.sun = {
      x: this.width * (left ? random.range(0.64, 0.8) : random.range(0.2, 0.36)),
      y: this.height * random.range(0.14, 0.26),
    };
  }

  /** A stream of chance of its own for each part of the scene. */
  chance(part: string): Random {
    return new Random((this.brief.accent ^ Math.imul(this.seed, 0x9e3779b1)) >>> 0).fork(part);
  }

  fill(outlines: readonly Outline[], paint: Paint): void {
    this.brush.fill(outlines, paint);
  }

  /** A drawing's outlines (see `outlinesOf`), put in their place. */
  shape(drawing: string, place: Placement): Outline[] {
    return outlinesOf(drawing).map((outline) => placed(outline, place));
  }

  /** A rectangle over the whole width, from one height to another. */
  band(top: number, bottom: number, paint: Paint): void {
    const w = this.width;
    const box = [0, top, w, top, w, bottom, 0, bottom];
    this.fill([box], { axis: [0, top, 0, bottom], ...paint });
  }

  /** A thing's own colour as the light shows it; `depth` 0 is near, 1 is far away. */
  lit(colour: Colour, depth = 0): Colour {
    const { brightness, haze, air, warmth, darkness } = this.light;
    const vivid = chromaTimes(colour, 0.8 + this.brief.emphasis * 0.45 - darkness * 0.25);
    const lightness = vivid.l * (0.3 + 0.7 * brightness);
    const tinted = {
      l: lightness,
      a: vivid.a + warmth * 0.022,
      b: vivid.b + warmth * 0.05,
    };
    return mix(tinted, haze, clamp(depth * (0.55 + air * 0.45)));
  }

  /** A colour for what stands nearest, almost a silhouette. */
  silhouette(depth = 0): Colour {
    const { top, darkness } = this.light;
    const base = mix(lch(0.22, 0.035, 260), { ...top, l: 0.2 }, 0.5);
    return mix({ ...base, l: base.l - darkness * 0.06 }, this.light.haze, depth);
  }

  /** A soft glow of light added round a point. */
  glow(x: number, y: number, radius: number, colour: Colour, alpha: number): void {
    const box = [
      x - radius,
      y - radius,
      x + radius,
      y - radius,
      x + radius,
      y + radius,
      x - radius,
      y + radius,
    ];
    this.fill([box], { from: colour, round: [x, y, radius], fade: true, alpha, mode: 'add' });
  }

  banned(kind: string, value: string): boolean {
    return this.brief.banned.has(`${kind}:${value}`);
  }
}
