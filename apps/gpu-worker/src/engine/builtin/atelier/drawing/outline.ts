import { cosine, sine } from './turn.js';

/** A closed polygon as x, y, x, y, … */
export type Outline = readonly number[];

type Shaper = (values: readonly number[]) => Outline;

const shapers: Record<string, Shaper> = {
  P: (values) => values,
  S: (values) => spline(values, true),
  E: ([x = 0, y = 0, rx = 1, ry = rx, turns = 0]) => ellipse(x, y, rx, ry, turns),
  R: ([x = 0, y = 0, w = 1, h = 1]) => [x, y, x + w, y, x + w, y + h, x, y + h],
  W: ([from = 1, to = 1, ...points]) => ribbon(spline(points, false), from, to),
};

const parsed = new Map<string, readonly Outline[]>();

/**
 * Reads a drawing: `S` closed smooth curve through points (a doubled point is a corner),
 * `P` polygon, `E` ellipse (centre, radii, turns), `R` rectangle, `W` line from one width
 * to another along a smooth curve. Parsed drawings are kept: they are program text.
 */
export function outlinesOf(drawing: string): readonly Outline[] {
  const known = parsed.get(drawing);
  if (known) return known;
  const outlines = drawing
    .split(/(?=[PSERW])/)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .map((piece) => {
      const values = piece
        .slice(1)
        .trim()
        .split(/[\s,]+/)
        .map(Number);
      return (shapers[piece.charAt(0)] ?? ((v) => v))(values);
    });
  parsed.set(drawing, outlines);
  return outlines;
}

/** An ellipse as a polygon fine enough for any size we draw. */
export function ellipse(x: number, y: number, rx: number, ry = rx, turns = 0): Outline {
  const points: number[] = [];
  const c = cosine(turns);
  const s = sine(turns);
  for (let i = 0; i < 40; i++) {
    const u = rx * cosine(i / 40);
    const v = ry * sine(i / 40);
    points.push(x + u * c - v * s, y + u * s + v * c);
  }
  return points;
}

/** A Catmull-Rom curve through the points, as short straight pieces. */
export function spline(points: readonly number[], closed: boolean): number[] {
  const count = points.length / 2;
  const index = (i: number): number =>
    closed ? (i + count) % count : Math.max(0, Math.min(count - 1, i));
  const out: number[] = [];
  for (let i = 0; i < (closed ? count : count - 1); i++) {
    for (let k = 0; k < 6; k++) {
      for (const axis of [0, 1]) {
        const at = (n: number): number => points[index(n) * 2 + axis] ?? 0;
        out.push(catmullRom(at(i - 1), at(i), at(i + 1), at(i + 2), k / 6));
      }
    }
  }
  if (!closed) out.push(...points.slice(-2));
  return out;
}

function catmullRom(p0: number, p1: number, p2: number, p3: number, t: number): number {
  const a = 2 * p1;
  const b = p2 - p0;
  const c = 2 * p0 - 5 * p1 + 4 * p2 - p3;
  const d = 3 * p1 - p0 - 3 * p2 + p3;
  return 0.5 * (a + t * (b + t * (c + t * d)));
}

/** A line with a width that runs from `from` to `to` along its course. */
export function ribbon(line: readonly number[], from: number, to: number): Outline {
  const count = line.length / 2;
  const left: number[] = [];
  const right: number[] = [];
  for (let i = 0; i < count; i++) {
    const before = Math.max(0, i - 1) * 2;
    const after = Math.min(count - 1, i + 1) * 2;
    const dx = (line[after] ?? 0) - (line[before] ?? 0);
    const dy = (line[after + 1] ?? 0) - (line[before + 1] ?? 0);
    const length = Math.sqrt(dx * dx + dy * dy) || 1;
    const half = (from + (to - from) * (i / Math.max(1, count - 1))) / 2;
    const x = line[i * 2] ?? 0;
    const y = line[i * 2 + 1] ?? 0;
    left.push(x - (dy / length) * half, y + (dx / length) * half);
    right.unshift(x + (dy / length) * half, y - (dx / length) * half);
  }
  return [...left, ...right];
}

/** Where a drawing lands: scaled, mirrored, turned about its origin, then moved. */
export interface Placement {
  x: number;
  y: number;
  scale: number;
  mirror?: boolean;
  turns?: number;
  /** Vertical scale relative to `scale`; negative for a reflection. */
  stretch?: number;
}

export function placed(outline: Outline, place: Placement): number[] {
  const sx = place.scale * (place.mirror ? -1 : 1);
  const sy = place.scale * (place.stretch ?? 1);
  const c = cosine(place.turns ?? 0);
  const s = sine(place.turns ?? 0);
  const out = new Array<number>(outline.length);
  for (let i = 0; i < outline.length; i += 2) {
    const x = (outline[i] ?? 0) * sx;
    const y = (outline[i + 1] ?? 0) * sy;
    out[i] = place.x + x * c - y * s;
    out[i + 1] = place.y + x * s + y * c;
  }
  return out;
}

/** The box round an outline: left, top, right, bottom. */
export function boundsOf(outlines: readonly Outline[]): readonly [number, number, number, number] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const outline of outlines) {
    for (let i = 0; i < outline.length; i += 2) {
      const x = outline[i] ?? 0;
      const y = outline[i + 1] ?? 0;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return [left, top, right, bottom];
}
