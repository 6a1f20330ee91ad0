import { type Colour, mix, type Rgb, toRgb } from './colour.js';
import { Coverage } from './coverage.js';
import { noiseTile } from './noise.js';
import type { Outline } from './outline.js';
import { coverPixel, glazePixel, lightPixel } from './pixel.js';
import type { Surface } from './surface.js';

/** How an area is coloured. Lengths are in units (1 = the picture's short side). */
export interface Paint {
  from: Colour;
  to?: Colour;
  /** A gradient of several colours, in place of `from` and `to`. */
  stops?: readonly Colour[];
  /** The gradient's position 0..1 at a point (units), in place of `axis` and `round`. */
  at?: (x: number, y: number) => number;
  /** The gradient runs from one point to the other: x0, y0, x1, y1. */
  axis?: readonly [number, number, number, number];
  /** A round gradient instead: centre and radius; `fade` lets it vanish at its rim. */
  round?: readonly [number, number, number];
  fade?: boolean;
  /** How far noise pushes the gradient, 0..1, and its scale (cells per unit). */
  grain?: number;
  grainScale?: readonly [number, number];
  alpha?: number;
  mode?: 'over' | 'add' | 'multiply';
  /** 0..1: how finely painters should work here; left as it is when absent. */
  detail?: number;
  /** Direction of strokes, in turns; left as it is when absent. */
  flow?: number;
}

interface Row {
  y: number;
  from: number;
  to: number;
  cover: Float32Array;
}

const layers = { over: coverPixel, add: lightPixel, multiply: glazePixel };

const FINEST_RAMP = 64;

/** Fills outlines on a surface. Coordinates are units; one unit is `unit` pixels. */
export class Brush {
  readonly #coverage: Coverage;

  constructor(
    readonly surface: Surface,
    readonly unit: number,
  ) {
    this.#coverage = new Coverage(surface.width, surface.height);
  }

  fill(outlines: readonly Outline[], paint: Paint): void {
    const unit = this.unit;
    const pixels = outlines.map((outline) => outline.map((v) => v * unit));
    const ramp = rampOf(paint);
    const position = ramp.length === 3 && !paint.fade ? undefined : this.#positions(paint);
    this.#coverage.scan(pixels, (y, from, to, cover) => {
      this.#blendRow({ y, from, to, cover }, ramp, position, paint);
      this.#mark(y, from, to, cover, paint);
    });
  }

  #blendRow(
    { y, from, to, cover }: Row,
    ramp: Uint8Array,
    position: ((x: number, y: number) => number) | undefined,
    paint: Paint,
  ): void {
    const rgb = this.surface.rgb;
    const lay = layers[paint.mode ?? 'over'];
    const alpha = paint.alpha ?? 1;
    const steps = ramp.length / 3;
    for (let x = from, at = (y * this.surface.width + from) * 3; x < to; x++, at += 3) {
      const covered = cover[x] ?? 0;
      if (covered === 0) continue;
      const t = position ? position(x, y) : 0;
      const a = covered * alpha * (paint.fade ? fadeAt(t) : 1);
      const step = (t <= 0 ? 0 : t >= 1 ? steps - 1 : (t * steps) | 0) * 3;
      lay(rgb, at, ramp, step, a);
    }
  }

  // Where on the ramp a pixel lies: along the axis or from the centre, pushed by noise.
  #positions(paint: Paint): (x: number, y: number) => number {
    const { at } = paint;
    const scale = 1 / this.unit;
    if (at) return (x, y) => at(x * scale, y * scale);
    const base = paint.round ? roundPosition(paint.round, this.unit) : this.#straight(paint);
    const grain = paint.grain ?? 0;
    if (grain === 0) return base;
    const tile = noiseTile();
    const [sx, sy] = paint.grainScale ?? [3, 3];
    const kx = (sx * 256) / this.unit / 4;
    const ky = (sy * 256) / this.unit / 4;
    const amount = grain / 255;
    return (x, y) => {
      const n = tile[((((y * ky) | 0) & 255) << 8) | (((x * kx) | 0) & 255)] ?? 128;
      return base(x, y) + (n - 128) * amount;
    };
  }

  #straight(paint: Paint): (x: number, y: number) => number {
    if (!paint.axis || (!paint.to && !paint.stops)) return () => 0.5;
    const [x0, y0, x1, y1] = paint.axis;
    const dx = x1 - x0;
    const dy = y1 - y0;
    const scale = 1 / ((dx * dx + dy * dy) * this.unit || 1);
    const offset = (x0 * dx + y0 * dy) * this.unit;
    return (x, y) => (x * dx + y * dy - offset) * scale;
  }

  #mark(y: number, from: number, to: number, cover: Float32Array, paint: Paint): void {
    const base = y * this.surface.width;
    const { detail, flow } = this.surface;
    const level = paint.detail === undefined ? -1 : Math.round(paint.detail * 255);
    const angle = paint.flow === undefined ? -1 : Math.round(paint.flow * 512) & 255;
    if (level < 0 && angle < 0) return;
    for (let x = from; x < to; x++) {
      if ((cover[x] ?? 0) < 0.4) continue;
      if (level >= 0) detail[base + x] = level;
      if (angle >= 0) flow[base + x] = angle;
    }
  }
}

const fadeAt = (t: number): number => (t <= 0 ? 1 : t >= 1 ? 0 : (1 - t) * (1 - t));

function rampOf(paint: Paint): Uint8Array {
  if (!paint.stops && (!paint.to || paint.to === paint.from))
    return Uint8Array.from(toRgb(paint.from));
  const stops = paint.stops ?? [paint.from, paint.to ?? paint.from];
  const steps = paint.stops ? FINEST_RAMP : 24;
  const ramp = new Uint8Array(steps * 3);
  for (let i = 0; i < steps; i++) {
    const position = (i / (steps - 1)) * (stops.length - 1);
    const index = Math.min(stops.length - 2, Math.floor(position));
    const from = stops[Math.max(0, index)] ?? paint.from;
    const rgb: Rgb = toRgb(mix(from, stops[index + 1] ?? from, position - index));
    ramp.set(rgb, i * 3);
  }
  return ramp;
}

function roundPosition(
  [cx, cy, r]: readonly [number, number, number],
  unit: number,
): (x: number, y: number) => number {
  const px = cx * unit;
  const py = cy * unit;
  const scale = 1 / (r * unit);
  return (x, y) => Math.sqrt((x - px) * (x - px) + (y - py) * (y - py)) * scale;
}
